import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { SignJWT, UnsecuredJWT } from 'jose';
import type { ApiResponse } from '../support/api-client.js';
import { Browser } from '../support/browser.js';
import {
  assertionOf,
  JWT_BEARER,
  Key,
  now,
  proofOf,
  Prover,
  registerKeyClient,
  type Claims,
} from '../support/client-keys.js';
import { unique } from '../support/create-test-environment.js';
import { KEY_CLIENT, KeySetting } from './key-setting.js';
import { requirementsOf } from './requirement.js';
import {
  allow,
  CHALLENGE,
  expectError,
  expectErrorRedirect,
  present,
  REDIRECT_URI,
  type Parameters,
} from './setting.js';

const requirement = requirementsOf('FAPI 2.0');
const OWN = { grant_type: 'client_credentials' };
const READ = '/pam/v1/users';

let keys: KeySetting;
beforeAll(async () => {
  keys = await KeySetting.create();
});
afterAll(() => keys.close());

/** A registration for the profile with something that it does not allow. */
async function register(fields: Record<string, unknown>): Promise<ApiResponse> {
  const jwks = { keys: [keys.client.key.publicJwk] };
  const body = { name: unique('fapi'), ...KEY_CLIENT, profile: 'fapi2', jwks, ...fields };
  return keys.env.admin.post('/api/v1/clients', { body });
}

/** @returns the fields that are wrong, each in words that name the profile */
async function faultsOf(fields: Record<string, unknown>): Promise<string[]> {
  const { status, body } = await register(fields);
  expect(status).toBe(400);
  for (const { message } of body.errors) expect(message).toContain('FAPI 2.0 Security Profile');
  return body.errors.map(({ field }: { field: string }) => field);
}

/** A token request with an assertion of these claims, and a proof. */
const askWith = async (claims: Claims, header: Claims = {}) =>
  keys.send('/oauth2/token', {
    ...OWN,
    client_assertion: await assertionOf(keys.env, keys.client, claims, header),
  });

requirement(
  '5.2.3',
  'endpoints for browsers shall use methods to ensure that connections cannot be downgraded using TLS stripping attacks',
  async () => {
    for (const path of [
      '/oauth2/sign-in',
      '/oauth2/consents',
      '/console',
      '/.well-known/oauth-authorization-server',
    ])
      expect((await keys.env.anonymous.get(path)).headers.get('strict-transport-security')).toMatch(
        /max-age=\d{8}/,
      );
  },
);

requirement('5.3.2.1', 'shall distribute discovery metadata', async () => {
  const metadata = await keys.setting.metadata();
  expect(metadata).toMatchObject({
    issuer: keys.env.url,
    pushed_authorization_request_endpoint: `${keys.env.url}/oauth2/par`,
    token_endpoint_auth_methods_supported: expect.arrayContaining(['private_key_jwt']),
    token_endpoint_auth_signing_alg_values_supported: expect.arrayContaining(['PS256', 'ES256', 'EdDSA']),
    dpop_signing_alg_values_supported: expect.arrayContaining(['PS256', 'ES256', 'EdDSA']),
    authorization_response_iss_parameter_supported: true,
    code_challenge_methods_supported: ['S256'],
  });
});

requirement(
  '5.3.2.1',
  'shall reject requests using the resource owner password credentials grant',
  async () => {
    const { username, password } = keys.setting.person;
    const answer = await keys.send('/oauth2/token', { grant_type: 'password', username, password });
    expectError(answer, 400, 'unsupported_grant_type');
  },
);

requirement('5.3.2.1', 'shall only support confidential clients', async () => {
  expect(await faultsOf({ token_endpoint_auth_method: 'none', grant_types: ['authorization_code'] })).toEqual(
    ['token_endpoint_auth_method'],
  );
});

requirement('5.3.2.1', 'shall only issue sender-constrained access tokens', async () => {
  for (const form of [
    OWN,
    { grant_type: 'refresh_token', refresh_token: (await keys.tokens()).refresh_token },
  ]) {
    const answer = await keys.sendUnproven('/oauth2/token', form);
    expectError(answer, 400, 'invalid_dpop_proof');
    expect(answer.body.error_description).toContain('FAPI 2.0 Security Profile, 5.3.2.1');
  }
  expect(await faultsOf({ dpop_bound_access_tokens: false })).toEqual(['dpop_bound_access_tokens']);
  const path = `/api/v1/clients/${keys.client.clientId}`;
  const changed = await keys.env.admin.patch(path, { body: { dpop_bound_access_tokens: false } });
  expect([changed.status, changed.body.errors[0].field]).toEqual([400, 'dpop_bound_access_tokens']);
  expect((await keys.env.admin.post(`${path}/tokens`, { body: { expires_in: 60 } })).status).toBe(409);
});

requirement('5.3.2.1', 'shall use MTLS or DPoP for sender-constrained access tokens (DPoP)', async () => {
  const { token_type, access_token } = await keys.tokens();
  expect(token_type).toBe('DPoP');
  const { body } = await keys.setting.introspect({ token: access_token });
  expect(body.cnf).toEqual({ jkt: keys.prover.key.thumbprint });
});

requirement(
  '5.3.2.1',
  'shall authenticate clients by MTLS or private_key_jwt (private_key_jwt)',
  async () => {
    for (const method of ['client_secret_basic', 'client_secret_post'])
      expect(await faultsOf({ token_endpoint_auth_method: method })).toEqual(['token_endpoint_auth_method']);
    const { body } = await register({});
    expect([body.token_endpoint_auth_method, body.client_secret]).toEqual(['private_key_jwt', undefined]);
    // No secret can be made for it either, and none is asked for.
    const rotated = await keys.env.admin.post(`/api/v1/clients/${body.client_id}/secrets`, { body: {} });
    expect(rotated.status).toBe(409);
    expectError(
      await keys.env.anonymous.post('/oauth2/token', {
        body: present({ ...OWN, client_id: body.client_id }),
      }),
      401,
      'invalid_client',
    );
  },
);

requirement('5.3.2.1', 'shall not expose open redirectors', async () => {
  const push = await keys.push({ redirect_uri: 'https://evil.example.com/callback' });
  expectError(push, 400, 'invalid_request');
  const unknown = await keys.authorize('', {
    redirect_uri: 'https://evil.example.com/callback',
    request_uri: undefined,
  });
  expect([unknown.status, unknown.location]).toEqual([400, null]);
});

requirement(
  '5.3.2.1',
  'shall only accept its issuer identifier value as a string in the aud claim of client assertions',
  async () => {
    expect((await askWith({ aud: keys.env.url })).status).toBe(200);
    for (const aud of [
      `${keys.env.url}/oauth2/token`,
      [keys.env.url],
      [keys.env.url, 'https://other.example.com'],
    ]) {
      const answer = await askWith({ aud });
      expectError(answer, 401, 'invalid_client');
      expect(answer.body.error_description).toContain('aud must be the issuer');
    }
  },
);

requirement(
  '5.3.2.1',
  'shall not use refresh token rotation except in extraordinary circumstances',
  async () => {
    const { refresh_token } = await keys.tokens();
    for (let times = 0; times < 3; times += 1) {
      const { status, body } = await keys.send('/oauth2/token', {
        grant_type: 'refresh_token',
        refresh_token,
      });
      expect([status, body.token_type, body.refresh_token]).toEqual([200, 'DPoP', undefined]);
    }
    // A key for proofs may change between.
    const other = await Prover.create(keys.env);
    const { status, body } = await keys.send(
      '/oauth2/token',
      { grant_type: 'refresh_token', refresh_token },
      keys.client,
      other,
    );
    expect(status).toBe(200);
    expect((await other.get(READ, body.access_token)).status).toBe(200);
    await keys.sendUnproven('/oauth2/revoke', { token: refresh_token });
    expectError(
      await keys.send('/oauth2/token', { grant_type: 'refresh_token', refresh_token }),
      400,
      'invalid_grant',
    );
  },
);

requirement('5.3.2.1', 'if using DPoP, should use the server-provided nonce mechanism', async () => {
  const dpop = await proofOf(keys.env, keys.prover.key, { method: 'POST', path: '/oauth2/token' });
  const answer = await keys.sendUnproven('/oauth2/token', OWN, keys.client, { dpop });
  expectError(answer, 400, 'use_dpop_nonce');
  expect(answer.headers.get('dpop-nonce')).toMatch(/^[\w-]+$/);
});

requirement('5.3.2.1', 'shall issue authorization codes with a maximum lifetime of 60 seconds', async () => {
  const code = await keys.code();
  try {
    keys.env.clock.advance(61);
    expectError(await keys.redeem(code), 400, 'invalid_grant');
  } finally {
    keys.env.clock.advance(-61);
  }
});

requirement('5.3.2.1', 'if using DPoP, shall support authorization code binding to a DPoP key', async () => {
  const bound = { dpop_jkt: keys.prover.key.thumbprint };
  const stranger = await Prover.create(keys.env);
  expectError(await keys.redeem(await keys.code(bound), {}, stranger), 400, 'invalid_grant');
  expect((await keys.redeem(await keys.code(bound))).status).toBe(200);
});

requirement(
  '5.3.2.1',
  'shall accept JWTs with an iat or nbf between 0 and 10 seconds in the future but shall reject those greater than 60 seconds in the future',
  async () => {
    const at = now(keys.env);
    for (const ahead of [0, 5, 10])
      expect([ahead, (await askWith({ iat: at + ahead, nbf: at + ahead })).status]).toEqual([ahead, 200]);
    for (const claims of [{ iat: at + 75 }, { nbf: at + 75 }, { iat: at + 600 }])
      expectError(await askWith(claims), 401, 'invalid_client');
    const proofWith = async (iat: number) => {
      const nonce = (
        await keys.prover.call('POST', '/oauth2/token', undefined, (headers) =>
          keys.sendUnproven('/oauth2/token', OWN, keys.client, headers),
        )
      ).headers.get('dpop-nonce')!;
      const call = { method: 'POST', path: '/oauth2/token', nonce };
      return keys.sendUnproven('/oauth2/token', OWN, keys.client, {
        dpop: await proofOf(keys.env, keys.prover.key, call, { iat }),
      });
    };
    expect((await proofWith(at + 10)).status).toBe(200);
    expectError(await proofWith(now(keys.env) + 75), 400, 'invalid_dpop_proof');
  },
);

requirement(
  '5.3.2.1',
  'should restrict the privileges associated with an access token to the minimum required',
  async () => {
    const token = await keys.ownToken({ scope: 'devices:read' });
    expect((await keys.prover.get('/pam/v1/devices', token)).status).toBe(200);
    expect((await keys.prover.get(READ, token)).status).toBe(403);
  },
);

requirement('5.3.2.2', 'shall support the authorization code grant', async () => {
  const { access_token } = await keys.tokens();
  expect((await keys.prover.get(READ, access_token)).status).toBe(200);
});

requirement('5.3.2.2', 'shall support client-authenticated pushed authorization requests', async () => {
  const { status, body } = await keys.push();
  expect([status, body.request_uri]).toEqual([
    201,
    expect.stringMatching(/^urn:ietf:params:oauth:request_uri:/),
  ]);
});

requirement('5.3.2.2', 'shall reject authorization requests sent without PAR', async () => {
  const front = await keys.setting.ask({ clientId: keys.client.clientId });
  expectErrorRedirect(front, 'invalid_request');
  expect(new URL(front.location!).searchParams.get('error_description')).toContain(
    'must be pushed (FAPI 2.0 Security Profile, 5.3.2.2)',
  );
  expect(await faultsOf({ require_par: false })).toEqual(['require_par']);
});

requirement(
  '5.3.2.2',
  'shall reject pushed authorization requests without client authentication',
  async () => {
    const form = { response_type: 'code', client_id: keys.client.clientId, redirect_uri: REDIRECT_URI };
    const proofKey = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
    const answer = await keys.env.anonymous.post('/oauth2/par', { body: present({ ...form, ...proofKey }) });
    expectError(answer, 401, 'invalid_client');
    const stranger = { clientId: keys.client.clientId, key: await Key.create() };
    expectError(await keys.push({}, stranger), 401, 'invalid_client');
  },
);

requirement('5.3.2.2', 'shall require PKCE with S256', async () => {
  const wrong: Parameters[] = [
    { code_challenge: undefined, code_challenge_method: undefined },
    { code_challenge_method: 'plain' },
    { code_challenge_method: undefined },
  ];
  for (const changes of wrong) expectError(await keys.push(changes), 400, 'invalid_request');
  expect(await faultsOf({ require_pkce: false })).toEqual(['require_pkce']);
  expectError(await keys.redeem(await keys.code(), { code_verifier: undefined }), 400, 'invalid_grant');
});

requirement(
  '5.3.2.2',
  'shall require the redirect_uri parameter in pushed authorization requests',
  async () => {
    const answer = await keys.push({ redirect_uri: undefined });
    expectError(answer, 400, 'invalid_request');
    expect(answer.body.error_description).toContain(
      'redirect_uri is missing (FAPI 2.0 Security Profile, 5.3.2.2)',
    );
  },
);

requirement('5.3.2.2', 'shall return an iss parameter in the authorization response', async () => {
  const good = await keys.answer(await keys.requestUri());
  expect(good.searchParams.get('iss')).toBe(keys.env.url);
  const denied = await keys.setting.follow(
    await keys.authorize(await keys.requestUri({ prompt: 'consent' })),
  );
  const answer = await keys.setting.browser.submit(denied, '/oauth2/consent', { decision: 'deny' });
  expect(new URL(answer.location!).searchParams.get('iss')).toBe(keys.env.url);
});

requirement(
  '5.3.2.2',
  'shall not allow redirect URIs that use the "http" scheme except for loopback interface redirection',
  async () => {
    for (const uri of ['http://app.example.com/callback', 'http://localhost/callback']) {
      const { status, body } = await register({ redirect_uris: [uri] });
      expect([status, body.errors[0].field]).toEqual([400, 'redirect_uris']);
    }
    expect((await register({ redirect_uris: ['http://127.0.0.1/callback'] })).status).toBe(201);
  },
);

requirement('5.3.2.2', 'shall reject an authorization code if it has been previously used', async () => {
  const code = await keys.code();
  const { body } = await keys.redeem(code);
  expectError(await keys.redeem(code), 400, 'invalid_grant');
  expect((await keys.prover.get(READ, body.access_token)).status).toBe(401);
});

requirement(
  '5.3.2.2',
  'shall not use the HTTP 307 status code when redirecting a request that contains user credentials',
  async () => {
    const { username, password } = keys.setting.person;
    expect((await new Browser(keys.env.url).signIn(username, password)).status).toBe(303);
  },
);

requirement('5.3.2.2', 'should use the HTTP 303 status code when redirecting the user agent', async () => {
  const first = await keys.authorize(await keys.requestUri({ prompt: 'consent' }));
  const page = await keys.setting.follow(first);
  expect([first.status, (await allow(keys.setting.browser, page)).status]).toEqual([303, 303]);
});

requirement(
  '5.3.2.2',
  'shall issue request_uri with expires_in values of less than 600 seconds',
  async () => {
    const { body } = await keys.push();
    expect(body.expires_in).toBeLessThan(600);
    try {
      keys.env.clock.advance(body.expires_in + 1);
      expect((await keys.authorize(body.request_uri)).status).toBe(400);
    } finally {
      keys.env.clock.advance(-body.expires_in - 1);
    }
  },
);

requirement(
  '5.3.2.2',
  'should provide end-users with all necessary information to make an informed decision',
  async () => {
    const page = await keys.setting.follow(
      await keys.authorize(await keys.requestUri({ prompt: 'consent' })),
    );
    for (const shown of [keys.client.clientId, 'app.example.com', 'users:read', keys.setting.person.username])
      expect(page.text).toContain(shown);
  },
);

requirement('5.3.4', 'shall accept access tokens in the HTTP header', async () => {
  const token = await keys.ownToken();
  expect((await keys.prover.get(READ, token)).status).toBe(200);
});

requirement('5.3.4', 'shall not accept access tokens in the query parameters', async () => {
  const token = await keys.ownToken();
  const path = `${READ}?access_token=${token}`;
  expect((await keys.env.anonymous.get(path)).status).toBe(400);
  expect((await keys.prover.get(path, token)).status).toBe(400);
});

requirement(
  '5.3.4',
  'shall verify the validity, integrity, expiration and revocation status of access tokens',
  async () => {
    const token = await keys.ownToken();
    expect(
      (await keys.prover.get(READ, `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).status,
    ).toBe(401);
    try {
      keys.env.clock.advance(86_400);
      expect((await keys.prover.get(READ, token)).status).toBe(401);
    } finally {
      keys.env.clock.advance(-86_400);
    }
    expect((await keys.prover.get(READ, token)).status).toBe(200);
    await keys.sendUnproven('/oauth2/revoke', { token });
    expect((await keys.prover.get(READ, token)).status).toBe(401);
  },
);

requirement(
  '5.3.4',
  'shall verify that the authorization represented by the access token is sufficient for the requested resource access',
  async () => {
    const token = await keys.ownToken({ scope: 'devices:read' });
    const { status, headers } = await keys.prover.get(READ, token);
    expect([status, headers.get('www-authenticate')]).toEqual([
      403,
      expect.stringContaining('insufficient_scope'),
    ]);
  },
);

requirement('5.3.4', 'shall support and verify sender-constrained access tokens', async () => {
  const token = await keys.ownToken();
  expect((await keys.asBearer(token)).status).toBe(401);
  expect((await (await Prover.create(keys.env)).get(READ, token)).status).toBe(401);
  expect((await keys.prover.get(READ, token)).status).toBe(200);
});

requirement(
  '5.4.1',
  'JWTs shall use PS256, ES256 or EdDSA, and shall not use or accept the none algorithm',
  async () => {
    for (const alg of ['PS256', 'ES256', 'EdDSA']) {
      const client = await registerKeyClient(keys.env, { ...KEY_CLIENT, profile: 'fapi2' }, alg);
      expect([alg, (await keys.send('/oauth2/token', OWN, client)).status]).toEqual([alg, 200]);
    }
    const { clientId, key } = keys.client;
    const claims = { iss: clientId, sub: clientId, aud: keys.env.url, jti: randomUUID() };
    const none = new UnsecuredJWT(claims).setExpirationTime('1m').encode();
    const rs256 = await Key.create('RS256');
    const byRs256 = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256' })
      .setExpirationTime('1m')
      .sign(rs256.privateKey);
    for (const client_assertion of [none, byRs256]) {
      const form = { ...OWN, client_assertion_type: JWT_BEARER, client_assertion };
      expectError(
        await keys.env.anonymous.post('/oauth2/token', { body: present(form) }),
        401,
        'invalid_client',
      );
    }
    const jwks = { keys: [{ ...key.publicJwk, alg: 'ES384' }] };
    expect((await register({ jwks })).body.errors[0].field).toBe('jwks');
  },
);

requirement('5.4.1', 'RSA keys shall have a minimum length of 2048 bits', async () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
  const { status, body } = await register({ jwks: { keys: [short] } });
  expect([status, body.errors[0]]).toEqual([
    400,
    { field: 'jwks', message: expect.stringContaining('2048') },
  ]);
});

requirement(
  '5.4.1',
  'elliptic curve keys shall have a minimum length of 224 bits (P-256 and Ed25519 alone)',
  async () => {
    for (const namedCurve of ['P-384', 'secp256k1']) {
      const jwk = generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' });
      expect((await register({ jwks: { keys: [jwk] } })).body.errors[0].field).toBe('jwks');
    }
  },
);

requirement(
  '5.4.1',
  'credentials not intended for handling by end-users shall be created with at least 128 bits of entropy',
  async () => {
    const tokens = await keys.tokens();
    const random = [tokens.access_token, tokens.refresh_token, await keys.code(), await keys.requestUri()];
    // 256 bits in 43 characters, and a checksum.
    for (const credential of random)
      expect(credential).toMatch(/^(ps[tra]_|urn:ietf:params:oauth:request_uri:)[\w-]{49}$/);
  },
);

requirement('5.4.3', 'JWK sets should not contain multiple keys with the same kid', async () => {
  const [one, other] = [await Key.create('ES256', { kid: 'a' }), await Key.create('PS256', { kid: 'a' })];
  const { status, body } = await register({ jwks: { keys: [one.publicJwk, other.publicJwk] } });
  expect([status, body.errors[0].field]).toEqual([400, 'jwks']);
  // Each by a kid of its own, they rotate: the old one is good until it is taken out.
  const rotating = [one, await Key.create('ES256', { kid: 'b' })];
  const { body: client } = await register({ jwks: { keys: rotating.map(({ publicJwk }) => publicJwk) } });
  for (const key of rotating)
    expect((await keys.send('/oauth2/token', OWN, { clientId: client.client_id, key })).status).toBe(200);
  await keys.env.admin.patch(`/api/v1/clients/${client.client_id}`, {
    body: { jwks: { keys: [rotating[1]!.publicJwk] } },
  });
  const refused = await keys.send('/oauth2/token', OWN, { clientId: client.client_id, key: one });
  expectError(refused, 401, 'invalid_client');
});
