import { afterAll, beforeAll, expect } from '@jest/globals';
import { decodeJwt } from 'jose';
import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { requirementsOf } from './requirement.js';
import { allow, expectError, expectErrorRedirect, Setting, VERIFIER, type Client } from './setting.js';

const requirement = requirementsOf(8707);
const REPORTS = 'https://reports.example.com';
const LEDGER = 'https://ledger.example.com/api?tenant=1';
const OWN = { grant_type: 'client_credentials' };

let setting: Setting;
let client: Required<Client>;
beforeAll(async () => {
  setting = await Setting.create();
  client = await setting.registerConfidential({ resources: [REPORTS, LEDGER] });
});
afterAll(() => setting.close());

/** A form with `resource` as often as it is named. */
function ask(form: Record<string, string>, resources: string[], by = client): Promise<ApiResponse> {
  const body = new URLSearchParams(form);
  for (const resource of resources) body.append('resource', resource);
  return ApiClient.basic(setting.env.url, by.clientId, by.clientSecret).post('/oauth2/token', { body });
}

const audienceOf = async (token: string) => (await setting.introspect({ token })).body.aud;

requirement(
  '2',
  'the value of "resource" MUST be an absolute URI, and MUST NOT include a fragment component',
  async () => {
    for (const resource of [
      'reports',
      '/reports',
      `${REPORTS}#part`,
      'javascript:alert(1)',
      'https://',
      `${REPORTS} `,
    ])
      expectError(await ask(OWN, [resource]), 400, 'invalid_target');
    // Nor can a client be registered for one.
    for (const resources of [['reports'], [`${REPORTS}#part`], 'x', [1], [REPORTS, REPORTS]]) {
      const { status, body } = await setting.env.admin.post('/api/v1/clients', {
        body: { name: 'x', resources },
      });
      expect([status, body.errors[0].field]).toEqual([400, expect.stringMatching(/^resources/)]);
    }
    expect((await ask(OWN, [LEDGER])).status).toBe(200);
    // Without a value it counts as absent.
    const { body } = await ask(OWN, ['']);
    expect(await audienceOf(body.access_token)).toBe(setting.env.url);
  },
);

requirement(
  '2',
  'if the requested resource is invalid, unknown or malformed, the authorization server MUST answer invalid_target',
  async () => {
    const others = ['https://other.example.com', `${REPORTS}/`, REPORTS.toUpperCase(), `${setting.env.url}/`];
    for (const resource of others) expectError(await ask(OWN, [resource]), 400, 'invalid_target');
    expectError(await ask(OWN, [REPORTS, others[0]!]), 400, 'invalid_target');
    expectError(await ask(OWN, [REPORTS], setting.confidential), 400, 'invalid_target');
  },
);

requirement(
  '2',
  'the authorization server MUST audience-restrict issued access tokens to the resource(s) indicated (several as a list)',
  async () => {
    const jwtClient = await setting.registerConfidential({
      resources: [REPORTS, LEDGER],
      access_token_format: 'jwt',
    });
    for (const by of [client, jwtClient]) {
      const audienceFor = async (resources: string[]) => {
        const { body } = await ask(OWN, resources, by);
        const aud = await audienceOf(body.access_token);
        if (by === jwtClient) expect(decodeJwt(body.access_token).aud).toEqual(aud);
        return aud;
      };
      expect(await audienceFor([])).toBe(setting.env.url);
      expect(await audienceFor([setting.env.url])).toBe(setting.env.url);
      expect(await audienceFor([REPORTS])).toBe(REPORTS);
      expect(await audienceFor([REPORTS, LEDGER, REPORTS])).toEqual([REPORTS, LEDGER]);
    }
    const { body } = await setting.env.admin.get(`/api/v1/clients/${client.clientId}/tokens?limit=1`);
    expect(body.items[0].audience).toEqual([REPORTS, LEDGER]);
  },
);

requirement(
  '2.1',
  'resources of an authorization request MUST be ones that the client may ask for',
  async () => {
    for (const resource of ['https://other.example.com', `${REPORTS}#x`])
      expectErrorRedirect(await setting.ask(client, { resource }), 'invalid_target');
    // The person is told, each time.
    const page = await setting.follow(await setting.ask(client, { resource: REPORTS }));
    expect([page.status, page.text]).toEqual([200, expect.stringContaining(`<code>${REPORTS}</code>`)]);
    // What he allows for them he has not allowed for Postern itself.
    expect((await allow(setting.browser, page)).location).toContain('code=');
    expect((await setting.follow(await setting.ask(client))).status).toBe(200);
  },
);

requirement(
  '2.2',
  'the resources of a token request MUST be among those that were originally granted',
  async () => {
    const grant = async (resource?: string) => {
      const { code, redirectUri } = await setting.code(client, { resource });
      return { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: VERIFIER };
    };
    const { body: first } = await ask(await grant(REPORTS), []);
    expect(await audienceOf(first.access_token)).toBe(REPORTS);
    const refresh = (refresh_token: string, resources: string[]) =>
      ask({ grant_type: 'refresh_token', refresh_token }, resources);
    expectError(await refresh(first.refresh_token, [LEDGER]), 400, 'invalid_target');
    expectError(await refresh(first.refresh_token, [setting.env.url]), 400, 'invalid_target');
    const { body: second } = await refresh(first.refresh_token, [REPORTS]);
    expect(await audienceOf(second.access_token)).toBe(REPORTS);
    // What is refused for its resource spends the code, too.
    const form = await grant(REPORTS);
    expectError(await ask(form, [LEDGER]), 400, 'invalid_target');
    expectError(await ask(form, []), 400, 'invalid_grant');
    // Nothing named is Postern itself, and stays that.
    expectError(await ask(await grant(), [REPORTS]), 400, 'invalid_target');
    // A client that may not ask for it any more is given no more of it.
    const { clientId } = client;
    const lose = (resources: string[]) =>
      setting.env.admin.patch(`/api/v1/clients/${clientId}`, { body: { resources } });
    await lose([LEDGER]);
    expectError(await refresh(second.refresh_token, []), 400, 'invalid_target');
    await lose([REPORTS, LEDGER]);
  },
);

requirement('3', 'a token MUST NOT be good at a resource that it was not issued for (nor here)', async () => {
  const { body } = await ask(OWN, [REPORTS]);
  expect(await setting.use(body.access_token)).toBe(401);
  const { body: events } = await setting.env.admin.get(
    `/api/v1/audit-events?type=access_token.revoked_use&client_id=${client.clientId}&sort=-at&limit=1`,
  );
  expect(events.items[0].detail.reason).toBe('other_resource');
  const here = await ask(OWN, [REPORTS, setting.env.url]);
  expect(await setting.use(here.body.access_token)).toBe(200);
});
