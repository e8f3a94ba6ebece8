import { afterAll, beforeAll, expect } from '@jest/globals';
import { requirementsOf } from './requirement.js';
import { altered, expectError, Setting, WRONG_SECRET, type Client } from './setting.js';

const requirement = requirementsOf(7009);

let setting: Setting;
let client: Required<Client>;
beforeAll(async () => {
  setting = await Setting.create();
  client = setting.confidential;
});
afterAll(() => setting.close());

requirement(
  '2',
  'implementations MUST support the revocation of refresh tokens and SHOULD support the revocation of access tokens',
  async () => {
    const tokens = await setting.tokens(client);
    expect((await setting.revoke(client, { token: tokens.refresh_token })).status).toBe(200);
    expectError(await setting.refresh(client, tokens.refresh_token), 400, 'invalid_grant');
    expect(await setting.use(tokens.access_token)).toBe(401);
    const token = await setting.ownToken();
    expect((await setting.revoke(client, { token })).status).toBe(200);
    expect(await setting.use(token)).toBe(401);
  },
);

requirement(
  '2',
  'the URL of the revocation endpoint MUST conform to the rules of RFC 6749, Section 3.1 (no fragment)',
  async () => {
    expect((await setting.metadata()).revocation_endpoint).toBe(`${setting.env.url}/oauth2/revoke`);
  },
);

requirement('2.1', 'token REQUIRED', async () => {
  for (const token of [undefined, ''])
    expectError(await setting.revoke(client, { token }), 400, 'invalid_request');
});

requirement(
  '2.1',
  'if the server is unable to locate the token using the given hint, it MUST extend its search across all of its supported token types',
  async () => {
    for (const hint of ['access_token', 'refresh_token', 'id_token', 'nonsense', '']) {
      const tokens = await setting.tokens(client);
      const revoked = await setting.revoke(client, {
        token: tokens.refresh_token,
        token_type_hint: hint,
      });
      expect(revoked.status).toBe(200);
      expectError(await setting.refresh(client, tokens.refresh_token), 400, 'invalid_grant');
      const token = await setting.ownToken();
      expect((await setting.revoke(client, { token, token_type_hint: hint })).status).toBe(200);
      expect(await setting.use(token)).toBe(401);
    }
  },
);

requirement(
  '5',
  'countermeasures against token guessing MUST be applied to the revocation endpoint (the client is authenticated first, and no answer tells whether a token exists)',
  async () => {
    const token = await setting.ownToken();
    const stranger = { clientId: 'nobody-has-this-id', clientSecret: WRONG_SECRET };
    for (const one of [token, altered(token)])
      expectError(await setting.revoke(stranger, { token: one }), 401, 'invalid_client');
    expect(
      (await setting.env.anonymous.post('/oauth2/revoke', { body: new URLSearchParams({ token }) })).status,
    ).toBe(401);
    expect(await setting.use(token)).toBe(200);
    const unknown = await setting.revoke(client, { token: altered(token) });
    const known = await setting.revoke(client, { token });
    expect([unknown.status, unknown.text]).toEqual([known.status, known.text]);
  },
);

requirement(
  '5',
  'care MUST be taken to prevent malicious clients from exploiting invalid token_type_hint values for denial of service (a hint is never more than a hint)',
  async () => {
    const token = await setting.ownToken();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        setting.revoke(client, { token: altered(token), token_type_hint: `nonsense-${n}`.repeat(50) }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(await setting.use(token)).toBe(200);
  },
);
