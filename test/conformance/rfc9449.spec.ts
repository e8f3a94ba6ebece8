import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { Key, now, proofOf, Prover, registerKeyClient, type Claims } from '../support/client-keys.js';
import { rawRequest } from '../support/raw-request.js';
import { KEY_CLIENT, KeySetting } from './key-setting.js';
import { requirementsOf } from './requirement.js';
import { expectError, present, REDIRECT_URI, VERIFIER, type Client, type Parameters } from './setting.js';

const requirement = requirementsOf(9449);
const TOKEN = { method: 'POST', path: '/oauth2/token' };
const READ = { method: 'GET', path: '/pam/v1/users' };
const OWN = { grant_type: 'client_credentials' };

let keys: KeySetting;
/** Has a secret, and is not registered for DPoP: a proof is enough, and needs no nonce. */
let client: Required<Client>;
let key: Key;
let token: string;
beforeAll(async () => {
  keys = await KeySetting.create();
  client = keys.setting.confidential;
  key = await Key.create();
  token = (await ask(await proofOf(keys.env, key, TOKEN))).body.access_token;
});
afterAll(() => keys.close());

/** A token request with this `DPoP` header. */
function ask(dpop: string, form: Parameters = OWN, by: Client = client): Promise<ApiResponse> {
  const { clientId, clientSecret } = by;
  return clientSecret === undefined
    ? keys.env.anonymous.post(TOKEN.path, {
        body: present({ client_id: clientId, ...form }),
        headers: { dpop },
      })
    : ApiClient.basic(keys.env.url, clientId, clientSecret).post(TOKEN.path, {
        body: present(form),
        headers: { dpop },
      });
}

const askWith = async (claims: Claims = {}, header: Claims = {}, by = key) =>
  ask(await proofOf(keys.env, by, TOKEN, claims, header));

/** A read with a token and this `DPoP` header. */
function read(dpop: string | undefined, accessToken = token, path = READ.path): Promise<ApiResponse> {
  const headers = { authorization: `DPoP ${accessToken}`, ...(dpop === undefined ? {} : { dpop }) };
  return keys.env.anonymous.get(path, { headers });
}

const readWith = async (claims: Claims = {}, header: Claims = {}, by = key, accessToken = token) =>
  read(await proofOf(keys.env, by, { ...READ, accessToken }, claims, header), accessToken);

/** RFC 9449 §5: at the token endpoint. */
const expectInvalid = (answer: ApiResponse) => expectError(answer, 400, 'invalid_dpop_proof');

/** RFC 9449 §7.1: at a protected resource. */
function expectDenied({ status, headers }: ApiResponse, error = 'invalid_dpop_proof'): void {
  expect([status, headers.get('www-authenticate')]).toEqual([
    401,
    expect.stringMatching(new RegExp(`^DPoP error="${error}", .*algs="ES256 PS256 EdDSA Ed25519"$`)),
  ]);
}

/** The same fault at both. */
async function expectNoProof(claims: Claims, header: Claims = {}): Promise<void> {
  expectInvalid(await askWith(claims, header));
  expectDenied(await readWith(claims, header));
}

requirement('4.2', 'the header of a proof MUST contain "typ": dpop+jwt', async () => {
  for (const typ of [undefined, 'jwt', 'at+jwt', 'dpop', 'application/at+jwt'])
    await expectNoProof({}, { typ });
});

requirement('4.2', '"alg" MUST NOT be none or an identifier for a symmetric algorithm', async () => {
  const claims = { jti: randomUUID(), htm: 'POST', htu: `${keys.env.url}/oauth2/token`, iat: now(keys.env) };
  expectInvalid(await ask(new UnsecuredJWT(claims).encode()));
  const header = {
    typ: 'dpop+jwt',
    jwk: { kty: 'oct', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA' },
  };
  const secret = Buffer.from(header.jwk.k, 'base64url');
  expectInvalid(
    await ask(await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', ...header }).sign(secret)),
  );
  // Nor one that is not among those that are listed.
  expectInvalid(await askWith({}, {}, await Key.create('RS256')));
  for (const alg of ['PS256', 'EdDSA', 'Ed25519'])
    expect([alg, (await askWith({}, {}, await Key.create(alg))).status]).toEqual([alg, 200]);
});

requirement('4.2', '"jwk" MUST NOT contain a private key', async () => {
  await expectNoProof({}, { jwk: key.privateJwk });
  await expectNoProof({}, { jwk: undefined });
  await expectNoProof({}, { jwk: { kty: 'EC' } });
  // Nor is it of a size that a check of takes long, which anybody could ask for.
  const rsa = await Key.create('PS256');
  for (const jwk of [
    { ...rsa.embedded, n: Buffer.alloc(2048, 0xff).toString('base64url') },
    { ...rsa.embedded, e: rsa.embedded.n },
  ]) {
    const answer = await askWith({}, { jwk }, rsa);
    expectInvalid(answer);
    expect(answer.body.error_description).toContain('RSA, 2048 to 8192 bits');
  }
});

requirement(
  '4.3',
  'the receiving server MUST ensure that there is not more than one DPoP header field',
  async () => {
    const proof = () => proofOf(keys.env, key, { ...READ, accessToken: token });
    const headers = { authorization: `DPoP ${token}`, dpop: [await proof(), await proof()] };
    const { status, body } = await rawRequest(keys.env.url, READ.method, READ.path, { headers });
    expect([status, body.code]).toEqual([401, 'invalid_dpop_proof']);
    expectDenied(await read(`${await proof()}, ${await proof()}`));
  },
);

requirement(
  '4.3',
  'the receiving server MUST ensure that the DPoP header is a single and well-formed JWT',
  async () => {
    for (const text of [
      'x',
      'x.y.z',
      '"',
      await proofOf(keys.env, key, TOKEN).then((proof) => `${proof}.x`),
    ]) {
      expectInvalid(await ask(text));
      expectDenied(await read(text));
    }
  },
);

requirement(
  '4.3',
  'the receiving server MUST ensure that all required claims are contained in the JWT',
  async () => {
    for (const claim of ['jti', 'htm', 'htu', 'iat']) await expectNoProof({ [claim]: undefined });
    for (const jti of ['', 1, 'x'.repeat(600)]) await expectNoProof({ jti });
  },
);

requirement(
  '4.3',
  'the receiving server MUST ensure that the signature verifies with the key of the header',
  async () => {
    const other = await Key.create();
    await expectNoProof({}, { jwk: other.embedded });
    const [header, , signature] = (await proofOf(keys.env, key, TOKEN)).split('.');
    const payload = (await proofOf(keys.env, key, TOKEN)).split('.')[1];
    expectInvalid(await ask(`${header}.${payload}.${signature}`));
  },
);

requirement(
  '4.3',
  'the receiving server MUST ensure that "htm" matches the HTTP method of the request',
  async () => {
    for (const htm of ['', 'PUT', 'post', 'get', 'HEAD']) await expectNoProof({ htm });
    expectInvalid(await askWith({ htm: 'GET' }));
    expectDenied(await readWith({ htm: 'POST' }));
  },
);

requirement(
  '4.3',
  'the receiving server MUST ensure that "htu" matches the URI of the request, ignoring query and fragment (after normalization)',
  async () => {
    const { url } = keys.env;
    const { port } = new URL(url);
    for (const htu of [
      '',
      '/oauth2/token',
      url,
      `${url}/oauth2/token/`,
      `${url}/oauth2/revoke`,
      `https://127.0.0.1:${port}/oauth2/token`,
      `http://user@127.0.0.1:${port}/oauth2/token`,
      'https://other.example.com/oauth2/token',
    ])
      await expectNoProof({ htu });
    for (const htu of [
      `${url}/oauth2/token?x=1#y`,
      `HTTP://127.0.0.1:${port}/oauth2/%74oken`,
      `${url}/x/../oauth2/token`,
    ])
      expect([htu, (await askWith({ htu })).status]).toEqual([htu, 200]);
    const path = `${READ.path}?limit=1&sort=-username`;
    const proof = await proofOf(keys.env, key, { method: 'GET', path, accessToken: token });
    expect((await read(proof, token, path)).status).toBe(200);
  },
);

requirement(
  '4.3',
  'the receiving server MUST ensure that the creation time of the JWT is within an acceptable window (a clock that is off by a minute is)',
  async () => {
    const at = now(keys.env);
    for (const iat of [at - 60, at + 59]) {
      expect([iat - at, (await askWith({ iat })).status]).toEqual([iat - at, 200]);
      expect([iat - at, (await readWith({ iat })).status]).toEqual([iat - at, 200]);
    }
    for (const iat of [at - 600, at + 600, at - 125, at + 65, 0, 'now']) await expectNoProof({ iat });
  },
);

requirement(
  '4.3',
  'the receiving server MUST ensure that "ath" equals the hash of the access token',
  async () => {
    const other = (await askWith()).body.access_token;
    const ofOther = await proofOf(keys.env, key, { ...READ, accessToken: other });
    expectDenied(await read(ofOther));
    for (const ath of [undefined, '', 1, token]) expectDenied(await readWith({ ath }));
    expect((await readWith()).status).toBe(200);
  },
);

requirement('5', 'a token_type of DPoP MUST be included in the access token response', async () => {
  const { status, body } = await askWith();
  expect([status, body.token_type]).toEqual([200, 'DPoP']);
  const { clientId, clientSecret } = client;
  const plain = await ApiClient.basic(keys.env.url, clientId, clientSecret).post(TOKEN.path, {
    body: present(OWN),
  });
  expect(plain.body.token_type).toBe('Bearer');
});

requirement(
  '5',
  'a refresh token that is issued to a public client with a proof MUST be bound to its key, and the binding MUST be validated when it is presented',
  async () => {
    const { setting, env } = keys;
    const prove = (by = key) => proofOf(env, by, TOKEN);
    const { code, redirectUri } = await setting.code(setting.native);
    const redeeming = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: VERIFIER,
    };
    const { body: first } = await ask(await prove(), redeeming, setting.native);
    expect(first.token_type).toBe('DPoP');
    const refresh = (dpop: string | undefined, refreshToken: string, by: Client = setting.native) =>
      dpop === undefined
        ? setting.refresh(by, refreshToken)
        : ask(dpop, { grant_type: 'refresh_token', refresh_token: refreshToken }, by);
    expectError(await refresh(undefined, first.refresh_token), 400, 'invalid_grant');
    expectError(await refresh(await prove(await Key.create()), first.refresh_token), 400, 'invalid_grant');
    const { status, body: second } = await refresh(await prove(), first.refresh_token);
    expect([status, second.token_type]).toEqual([200, 'DPoP']);
    // The one that takes its place is bound as well.
    expectError(await refresh(undefined, second.refresh_token), 400, 'invalid_grant');
    const { body: asked } = await setting.introspect({ token: second.refresh_token });
    expect(asked).toMatchObject({ active: true, cnf: { jkt: key.thumbprint } });
    // So is one that takes the place of one that was not.
    const unbound = await setting.tokens(setting.native);
    const { body: third } = await refresh(await prove(), unbound.refresh_token);
    expectError(await refresh(undefined, third.refresh_token), 400, 'invalid_grant');
    // A client that proves who it is may change its key.
    const tokens = await setting.tokens(client);
    expect((await refresh(await prove(await Key.create()), tokens.refresh_token, client)).status).toBe(200);
  },
);

requirement(
  '5.2',
  'with "dpop_bound_access_tokens" true, the authorization server MUST reject token requests that do not contain the DPoP header',
  async () => {
    const bound = await keys.setting.registerConfidential({ dpop_bound_access_tokens: true });
    const answer = await keys.setting.tokenRequest(bound, OWN);
    expectInvalid(answer);
    expect(answer.body.error_description).toContain('RFC 9449, 5.2');
    // Nor is it handed one that nobody's key is bound to.
    const handedOut = await keys.env.admin.post(`/api/v1/clients/${bound.clientId}/tokens`, {
      body: { expires_in: 60 },
    });
    expect(handedOut.status).toBe(409);
  },
);

requirement(
  '6',
  'resource servers MUST be able to identify whether an access token is bound, and to what key',
  async () => {
    const jwtClient = await keys.setting.registerConfidential({ access_token_format: 'jwt' });
    const { body } = await ask(await proofOf(keys.env, key, TOKEN), OWN, jwtClient);
    expect(decodeJwt(body.access_token).cnf).toEqual({ jkt: key.thumbprint });
    const proof = await proofOf(keys.env, key, { ...READ, accessToken: body.access_token });
    expect((await read(proof, body.access_token)).status).toBe(200);
    const listed = await keys.env.admin.get(`/api/v1/clients/${jwtClient.clientId}/tokens`);
    expect(listed.body.items[0].dpop_jkt).toBe(key.thumbprint);
  },
);

requirement('6', 'the public key from the proof MUST match the one bound to the access token', async () => {
  expectDenied(await readWith({}, {}, await Key.create()), 'invalid_token');
});

requirement(
  '6.1',
  '"jkt" MUST be the base64url encoding of the JWK SHA-256 thumbprint of the key',
  async () => {
    const { body } = await keys.setting.introspect({ token });
    expect(body.cnf).toEqual({ jkt: key.thumbprint });
  },
);

requirement(
  '6.2',
  'if "token_type" is included in the introspection response, it MUST contain the value DPoP',
  async () => {
    const { body } = await keys.setting.introspect({ token });
    expect(body).toMatchObject({ active: true, token_type: 'DPoP' });
  },
);

requirement(
  '7',
  'requests to protected resources MUST include both a proof and the access token',
  async () => {
    expectDenied(await read(undefined));
    // Every route that takes tokens takes bound ones, and none without a proof: the admin API too.
    const operator = await keys.setting.registerConfidential({
      scopes: ['clients:read', 'tokens:introspect'],
    });
    const { body } = await ask(await proofOf(keys.env, key, TOKEN), OWN, operator);
    const prover = new Prover(keys.env, key);
    const list = '/api/v1/clients?limit=1';
    expect((await prover.get(list, body.access_token)).status).toBe(200);
    expectDenied(await read(undefined, body.access_token, list));
    const form = { body: present({ token }) };
    const introspect = (headers: Record<string, string>) =>
      keys.env.anonymous.post('/oauth2/introspect', { ...form, headers });
    const asked = await prover.call('POST', '/oauth2/introspect', body.access_token, introspect);
    expect(asked.body.active).toBe(true);
    expectDenied(await introspect({ authorization: `DPoP ${body.access_token}` }));
  },
);

requirement(
  '7.1',
  'the resource server MUST NOT grant access to the resource unless all checks are successful',
  async () => {
    const { env, setting } = keys;
    const own = await setting.registerConfidential();
    const { body } = await ask(await proofOf(env, key, TOKEN), OWN, own);
    const accessToken = body.access_token;
    expect((await readWith({}, {}, key, accessToken)).status).toBe(200);
    // A good proof is no better than its token.
    await setting.revoke(own, { token: accessToken });
    expectDenied(await readWith({}, {}, key, accessToken), 'invalid_token');
    expectDenied(await readWith({}, {}, key, 'pst_nonsense'), 'invalid_token');
    const { body: another } = await ask(await proofOf(env, key, TOKEN), OWN, own);
    const beyond = await new Prover(env, key).get('/api/v1/clients', another.access_token);
    expect([beyond.status, beyond.headers.get('www-authenticate')]).toEqual([
      403,
      expect.stringMatching(/^DPoP error="insufficient_scope", .*scope="clients:read", algs="ES256 /),
    ]);
    const unbound = await setting.ownToken(own);
    expectDenied(await readWith({}, {}, key, unbound), 'invalid_token');
    expect(await setting.use(unbound)).toBe(200);
  },
);

requirement(
  '7.2',
  'a protected resource MUST reject a DPoP-bound access token received as a bearer token',
  async () => {
    const asBearer = await keys.asBearer(token);
    expect(asBearer.status).toBe(401);
    expect(asBearer.headers.get('www-authenticate')).toMatch(
      /^Bearer error="invalid_token", .*, DPoP algs="ES256/,
    );
    const withProof = await keys.env.anonymous.get(READ.path, {
      headers: {
        authorization: `Bearer ${token}`,
        dpop: await proofOf(keys.env, key, { ...READ, accessToken: token }),
      },
    });
    expect(withProof.status).toBe(401);
    const { body } = await keys.env.admin.get(
      '/api/v1/audit-events?type=access_token.proof_failed&sort=-at&limit=2',
    );
    for (const { outcome, client_id, detail } of body.items)
      expect([outcome, client_id, detail.reason]).toEqual(['failure', client.clientId, 'proof_missing']);
  },
);

requirement('8', 'nonce values MUST be unpredictable', async () => {
  const given = async () => (await keys.sendUnproven('/oauth2/token', OWN)).headers.get('dpop-nonce');
  // Who brings no proof is given none.
  expect(await given()).toBeNull();
  const first = await nonceOf(keys.prover.key);
  expect(first).toMatch(/^[\w-]{22}$/);
  try {
    keys.env.clock.advance(300);
    expect(await nonceOf(keys.prover.key)).not.toBe(first);
  } finally {
    keys.env.clock.advance(-300);
  }
});

/** What a client that is registered for DPoP is given by the token endpoint, its proof holding none. */
async function nonceOf(by: Key, claims: Claims = {}): Promise<string> {
  const dpop = await proofOf(keys.env, by, TOKEN, claims);
  const answer = await keys.sendUnproven('/oauth2/token', OWN, keys.client, { dpop });
  expectError(answer, 400, 'use_dpop_nonce');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return answer.headers.get('dpop-nonce')!;
}

requirement(
  '8',
  'if the nonce does not exactly match a nonce recently supplied, the authorization server MUST reject the request',
  async () => {
    const { env, prover } = keys;
    const nonce = await nonceOf(prover.key);
    const send = async (claims: Claims) =>
      keys.sendUnproven('/oauth2/token', OWN, keys.client, {
        dpop: await proofOf(env, prover.key, TOKEN, claims),
      });
    const answer = await send({ nonce });
    expect([answer.status, answer.headers.get('dpop-nonce')]).toEqual([200, nonce]);
    for (const wrong of ['', 'nonsense', nonce.toLowerCase(), `${nonce}x`])
      expectError(await send({ nonce: wrong }), 400, 'use_dpop_nonce');
    try {
      env.clock.advance(600);
      expectError(await send({ nonce }), 400, 'use_dpop_nonce');
    } finally {
      env.clock.advance(-600);
    }
    // Who is registered for nothing is given none, and one of somebody else's server is none.
    const unregistered = await askWith();
    expect([unregistered.status, unregistered.headers.get('dpop-nonce')]).toEqual([200, null]);
    expectInvalid(await askWith({ nonce: 'nonsense' }));
  },
);

requirement(
  '9',
  'a resource server that wants a nonce MUST answer 401 with use_dpop_nonce and the nonce',
  async () => {
    const accessToken = await keys.ownToken();
    const { env, prover } = keys;
    const call = { ...READ, accessToken };
    const refused = await read(await proofOf(env, prover.key, call), accessToken);
    expectDenied(refused, 'use_dpop_nonce');
    const nonce = refused.headers.get('dpop-nonce')!;
    const answer = await read(await proofOf(env, prover.key, { ...call, nonce }), accessToken);
    expect([answer.status, answer.headers.get('dpop-nonce')]).toEqual([200, nonce]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  },
);

requirement(
  '10',
  'if the key of the proof does not match the dpop_jkt of the authorization request, the authorization server MUST reject the token request',
  async () => {
    const { setting, env } = keys;
    const bound = { dpop_jkt: key.thumbprint };
    const redeeming = async () => {
      const { code, redirectUri } = await setting.code(client, bound);
      return { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: VERIFIER };
    };
    expectError(await setting.tokenRequest(client, await redeeming()), 400, 'invalid_grant');
    const other = await proofOf(env, await Key.create(), TOKEN);
    expectError(await ask(other, await redeeming()), 400, 'invalid_grant');
    expect((await ask(await proofOf(env, key, TOKEN), await redeeming())).status).toBe(200);
  },
);

requirement(
  '10.1',
  'both mechanisms MUST be supported at the PAR endpoint: dpop_jkt, and a proof, which binds the code to its key',
  async () => {
    const { env } = keys;
    const pushing = await registerKeyClient(env, KEY_CLIENT);
    const PAR = { method: 'POST', path: '/oauth2/par' };
    const push = async (changes: Parameters, by: Key) =>
      keys.push(changes, pushing, { dpop: await proofOf(env, by, PAR) });
    const { status, body } = await push({}, key);
    expect(status).toBe(201);
    const code = (await keys.answer(body.request_uri, pushing)).searchParams.get('code')!;
    const redeem = async (by: Key) =>
      keys.sendUnproven(
        '/oauth2/token',
        { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER },
        pushing,
        { dpop: await proofOf(env, by, TOKEN) },
      );
    expectError(await redeem(await Key.create()), 400, 'invalid_grant');
    const again = await keys.code({ dpop_jkt: key.thumbprint }, pushing);
    const good = await keys.sendUnproven(
      '/oauth2/token',
      { grant_type: 'authorization_code', code: again, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER },
      pushing,
      { dpop: await proofOf(env, key, TOKEN) },
    );
    expect([good.status, good.body.token_type]).toEqual([200, 'DPoP']);
    // A proof that is none is refused here, too.
    expectInvalid(await keys.push({}, pushing, { dpop: await proofOf(env, key, TOKEN) }));
  },
);

requirement(
  '10.1',
  'if both mechanisms are used at the same time, the authorization server MUST reject the request if dpop_jkt is not of the key of the proof',
  async () => {
    const { env } = keys;
    const dpop = () => proofOf(env, key, { method: 'POST', path: '/oauth2/par' });
    const pushing = await registerKeyClient(env, KEY_CLIENT);
    const other = (await Key.create()).thumbprint;
    expectInvalid(await keys.push({ dpop_jkt: other }, pushing, { dpop: await dpop() }));
    expect((await keys.push({ dpop_jkt: key.thumbprint }, pushing, { dpop: await dpop() })).status).toBe(201);
  },
);

requirement(
  '11.1',
  'servers MUST only accept proofs for a limited time after their creation (and each of them once)',
  async () => {
    const { env } = keys;
    const atToken = await proofOf(env, key, TOKEN);
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(atToken)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(9).fill(400)]);
    expectInvalid(await ask(atToken));
    const atResource = await proofOf(env, key, { ...READ, accessToken: token });
    const reads = await Promise.all(Array.from({ length: 10 }, () => read(atResource)));
    expect(reads.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(9).fill(401)]);
    expectDenied(await read(atResource));
    const late = await proofOf(env, key, { ...READ, accessToken: token });
    try {
      env.clock.advance(125);
      expectDenied(await read(late));
    } finally {
      env.clock.advance(-125);
    }
    expect((await read(late)).status).toBe(200);
  },
);

requirement(
  '11.3',
  'a server MUST NOT accept any proofs without the nonce claim when a nonce has been provided to the client',
  async () => {
    await keys.ownToken();
    await nonceOf(keys.prover.key);
    await nonceOf(keys.prover.key, { jti: randomUUID() });
  },
);
