import { afterAll, beforeAll, expect } from '@jest/globals';
import { requirementsOf } from './requirement.js';
import {
  expectError,
  expectErrorRedirect,
  expectPage,
  OTHER_URI,
  REDIRECT_URI,
  Setting,
  VERIFIER,
  type Client,
} from './setting.js';

const requirement = requirementsOf(6749);

let setting: Setting;
let client: Required<Client>;
beforeAll(async () => {
  setting = await Setting.create();
  client = setting.confidential;
  await setting.code(client);
});
afterAll(() => setting.close());

requirement('4.1.1', 'the value of response_type MUST be set to "code"', async () => {
  const { searchParams } = await setting.response(client, { response_type: 'code' });
  expect(searchParams.has('code')).toBe(true);
  expectErrorRedirect(await setting.ask(client, { response_type: 'CODE' }), 'unsupported_response_type');
});

requirement('4.1.1', 'client_id REQUIRED', async () => {
  expectPage(await setting.ask(client, { client_id: undefined }));
  expectPage(await setting.ask(client, { client_id: '' }));
});

requirement('4.1.2', 'code REQUIRED (in the response, in the query of the redirection URI)', async () => {
  const response = await setting.response(client);
  expect(response.href).toContain(`${REDIRECT_URI}?`);
  expect(response.searchParams.get('code')).toMatch(/^\S{43,}$/);
  expect(response.hash).toBe('');
});

requirement(
  '4.1.2',
  'the authorization code MUST expire shortly after it is issued (60 seconds)',
  async () => {
    const early = await setting.code(client);
    const late = await setting.code(client);
    try {
      setting.env.clock.advance(55);
      expect((await setting.redeem(client, early)).status).toBe(200);
      setting.env.clock.advance(6);
      expectError(await setting.redeem(client, late), 400, 'invalid_grant');
    } finally {
      setting.env.clock.set(new Date());
    }
  },
);

requirement(
  '4.1.2',
  'if an authorization code is used more than once, the authorization server MUST deny the request and SHOULD revoke all tokens previously issued based on that code',
  async () => {
    const code = await setting.code(client);
    const { body } = await setting.redeem(client, code);
    expect(await setting.use(body.access_token)).toBe(200);
    expectError(await setting.redeem(client, code), 400, 'invalid_grant');
    expect(await setting.use(body.access_token)).toBe(401);
    expectError(await setting.refresh(client, body.refresh_token), 400, 'invalid_grant');
  },
);

requirement(
  '4.1.2',
  'state REQUIRED if the "state" parameter was present in the request: the exact value received from the client',
  async () => {
    for (const state of ['af0ifjsldkj', 'a b+c%20&d=e#f"<>\'', 'ünï€😀', 'x'.repeat(8000), '0', ' '])
      expect((await setting.response(client, { state })).searchParams.get('state')).toBe(state);
    expect((await setting.response(client, { state: undefined })).searchParams.has('state')).toBe(false);
  },
);

requirement(
  '4.1.2.1',
  'if the redirection URI is invalid, or the client identifier is missing or invalid, the authorization server SHOULD inform the resource owner and MUST NOT automatically redirect the user-agent',
  async () => {
    expectPage(await setting.ask(client, { client_id: 'nobody-has-this-id' }));
    expectPage(await setting.ask(client, { client_id: undefined }));
    expectPage(await setting.ask(client, { redirect_uri: OTHER_URI }));
    // Not even with something else wrong, that would be an error for the client.
    expectPage(await setting.ask(client, { redirect_uri: OTHER_URI, response_type: 'token' }));
    expectPage(await setting.ask(client, { client_id: 'nobody-has-this-id', scope: 'nonsense' }));
  },
);

requirement('4.1.2.1', 'error REQUIRED (in an error response)', async () => {
  expectErrorRedirect(await setting.ask(client, { scope: 'nonsense' }), 'invalid_scope');
  expectErrorRedirect(await setting.ask(client, { response_type: 'token' }), 'unsupported_response_type');
  expectErrorRedirect(await setting.ask(client, { response_type: undefined }), 'invalid_request');
  const page = await setting.follow(await setting.ask(client, { prompt: 'consent' }));
  const denied = await setting.browser.submit(page, '/oauth2/consent', { decision: 'deny' });
  expectErrorRedirect(denied, 'access_denied');
  const without = await setting.registerConfidential({ grant_types: ['client_credentials'] });
  expectErrorRedirect(await setting.ask(without), 'unauthorized_client');
});

requirement(
  '4.1.2.1',
  'values for the "error" parameter MUST NOT include characters outside the set %x20-21 / %x23-5B / %x5D-7E',
  async () => {
    for (const parameters of [{ scope: 'ü"\\' }, { response_type: 'ü"\\' }, { response_mode: 'ü"\\' }]) {
      const { location } = await setting.ask(client, parameters);
      expect(new URL(location!).searchParams.get('error')).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    }
  },
);

requirement(
  '4.1.2.1',
  'values for the "error_description" parameter MUST NOT include characters outside the set %x20-21 / %x23-5B / %x5D-7E',
  async () => {
    for (const parameters of [{ scope: 'ü"\\' }, { response_type: 'ü"\\' }, { 'ü"\\': '1' }]) {
      const query = setting.authorizationRequest(client, parameters);
      const { location } = await setting.browser.get(
        `/oauth2/authorize?${query}&${new URLSearchParams({ 'ü"\\': '1', prompt: 'ü' })}`,
      );
      const description = new URL(location!).searchParams.get('error_description');
      expect(description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    }
  },
);

requirement(
  '4.1.2.1',
  'values for the "error_uri" parameter MUST conform to the URI-reference syntax (none is sent)',
  async () => {
    for (const parameters of [{ scope: 'nonsense' }, { response_type: 'token' }, { prompt: 'nonsense' }]) {
      const { location } = await setting.ask(client, parameters);
      expect(new URL(location!).searchParams.has('error')).toBe(true);
      expect(new URL(location!).searchParams.has('error_uri')).toBe(false);
    }
  },
);

requirement(
  '4.1.2.1',
  'state REQUIRED if a "state" parameter was present in the request (in an error response too)',
  async () => {
    const state = 'a b+c%20&d=e#f"<>\'ü';
    for (const parameters of [{ response_type: 'token' }, { scope: 'nonsense' }, { prompt: 'nonsense' }]) {
      const { location } = await setting.ask(client, { ...parameters, state });
      expect(new URL(location!).searchParams.get('state')).toBe(state);
    }
  },
);

requirement('4.1.3', 'grant_type REQUIRED', async () => {
  const code = await setting.code(client);
  expectError(await setting.redeem(client, code, { grant_type: undefined }), 400, 'invalid_request');
  expectError(await setting.redeem(client, code, { grant_type: '' }), 400, 'invalid_request');
  expect((await setting.redeem(client, code)).status).toBe(200);
});

requirement('4.1.3', 'code REQUIRED', async () => {
  for (const code of [undefined, ''])
    expectError(
      await setting.tokenRequest(client, {
        grant_type: 'authorization_code',
        code,
        redirect_uri: REDIRECT_URI,
        code_verifier: VERIFIER,
      }),
      400,
      'invalid_request',
    );
});

requirement(
  '4.1.3',
  'redirect_uri REQUIRED, if it was included in the authorization request, and their values MUST be identical',
  async () => {
    const several = await setting.registerConfidential({ redirect_uris: [REDIRECT_URI, OTHER_URI] });
    for (const presented of [undefined, OTHER_URI, `${REDIRECT_URI}/`, 'https://APP.example.com/callback'])
      expectError(
        await setting.redeem(several, await setting.code(several), { redirect_uri: presented }),
        400,
        'invalid_grant',
      );
    expect((await setting.redeem(several, await setting.code(several))).status).toBe(200);
  },
);

requirement(
  '4.1.3',
  'client_id REQUIRED, if the client is not authenticating with the authorization server',
  async () => {
    const code = await setting.code(setting.native);
    for (const clientId of [undefined, '']) {
      const answer = await setting.redeem(setting.native, code, { client_id: clientId });
      expectError(answer, 401, 'invalid_client');
    }
    expect((await setting.redeem(setting.native, code)).status).toBe(200);
  },
);

requirement(
  '4.1.3',
  'the authorization server MUST require client authentication for confidential clients, and authenticate the client if client authentication is included',
  async () => {
    const code = await setting.code(client);
    expectError(await setting.redeem({ clientId: client.clientId }, code), 401, 'invalid_client');
    const wrong = { ...client, clientSecret: 'not-the-secret-of-any-client-here' };
    expectError(await setting.redeem(wrong, code), 401, 'invalid_client');
    const ofNative = { ...setting.native, clientSecret: 'not-the-secret-of-any-client-here' };
    expectError(await setting.redeem(ofNative, await setting.code(setting.native)), 401, 'invalid_client');
    expect((await setting.redeem(client, code)).status).toBe(200);
  },
);

requirement(
  '4.1.3',
  'the authorization server MUST ensure that the authorization code was issued to the authenticated confidential client, or if the client is public, to "client_id" in the request',
  async () => {
    const other = await setting.registerConfidential();
    const otherPublic = await setting.registerPublic();
    const code = await setting.code(client);
    const ofPublic = await setting.code(setting.native);
    expectError(await setting.redeem(other, code), 400, 'invalid_grant');
    expectError(await setting.redeem(otherPublic, code), 400, 'invalid_grant');
    expectError(await setting.redeem(otherPublic, ofPublic), 400, 'invalid_grant');
    expectError(await setting.redeem(client, ofPublic), 400, 'invalid_grant');
    // Nobody else's attempt spends it.
    expect((await setting.redeem(client, code)).status).toBe(200);
    expect((await setting.redeem(setting.native, ofPublic)).status).toBe(200);
  },
);

requirement(
  '4.1.3',
  'the authorization server MUST verify that the authorization code is valid',
  async () => {
    const { refresh_token: refreshToken, access_token: accessToken } = await setting.tokens(client);
    const { code } = await setting.code(client);
    for (const invalid of ['nonsense', `${code}x`, code.slice(0, -1), refreshToken, accessToken, '\u{1f600}'])
      expectError(
        await setting.redeem(client, { code: invalid, redirectUri: REDIRECT_URI }),
        400,
        'invalid_grant',
      );
  },
);
