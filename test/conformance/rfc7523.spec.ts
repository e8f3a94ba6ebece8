import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { UnsecuredJWT, SignJWT } from 'jose';
import type { ApiResponse } from '../support/api-client.js';
import {
  assertionOf,
  JWT_BEARER,
  Key,
  now,
  registerKeyClient,
  type Claims,
  type KeyClient,
} from '../support/client-keys.js';
import { requirementsOf } from './requirement.js';
import { expectError, present, Setting } from './setting.js';

const requirement = requirementsOf(7523);

let setting: Setting;
let client: KeyClient;
beforeAll(async () => {
  setting = await Setting.create();
  client = await registerKeyClient(setting.env);
});
afterAll(() => setting.close());

/** A token request with this assertion. */
function ask(
  assertion: string | undefined,
  changes: Record<string, string | undefined> = {},
): Promise<ApiResponse> {
  const form = {
    grant_type: 'client_credentials',
    client_assertion_type: JWT_BEARER,
    client_assertion: assertion,
  };
  return setting.env.anonymous.post('/oauth2/token', { body: present({ ...form, ...changes }) });
}

const askWith = async (claims: Claims, header: Claims = {}, by = client) =>
  ask(await assertionOf(setting.env, by, claims, header));

const expectRefused = (answer: ApiResponse) => expectError(answer, 401, 'invalid_client');

requirement(
  '2.2',
  'the value of "client_assertion_type" MUST be "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"',
  async () => {
    expect((await askWith({})).status).toBe(200);
    const types = [
      undefined,
      '',
      'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
      `${JWT_BEARER} `,
    ];
    for (const client_assertion_type of types)
      expectRefused(await ask(await assertionOf(setting.env, client), { client_assertion_type }));
  },
);

requirement(
  '2.2',
  'the value of "client_assertion" contains a single JWT: it MUST NOT contain more than one',
  async () => {
    const assertions = [await assertionOf(setting.env, client), await assertionOf(setting.env, client)];
    for (const text of [assertions.join(' '), assertions.join(','), '', 'x', 'x.y.z', 'x'.repeat(9000)])
      expectRefused(await ask(text));
    const twice = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: JWT_BEARER,
    });
    for (const assertion of assertions) twice.append('client_assertion', assertion);
    expectError(await setting.env.anonymous.post('/oauth2/token', { body: twice }), 400, 'invalid_request');
  },
);

requirement('3', 'the JWT MUST contain an "iss" claim: the client_id', async () => {
  const other = await registerKeyClient(setting.env);
  for (const iss of [undefined, '', other.clientId, setting.env.url, [client.clientId]])
    expectRefused(await askWith({ iss }));
});

requirement('3', 'the "sub" MUST be the client_id of the OAuth client', async () => {
  const other = await registerKeyClient(setting.env);
  for (const sub of [undefined, '', 'nobody', 'a\u0000b', 'x'.repeat(2000), other.clientId])
    expectRefused(await askWith({ sub }));
  // Another one's key does not speak for it, whatever it says.
  expectRefused(await askWith({}, {}, { clientId: client.clientId, key: other.key }));
});

requirement(
  '3',
  'the JWT MUST contain an "aud" claim with the issuer identifier of the authorization server as its sole value (as a text)',
  async () => {
    const { url } = setting.env;
    const others = [undefined, '', `${url}/`, `${url}/oauth2/token`, 'https://other.example.com', [], [url]];
    for (const aud of [...others, [url, 'https://other.example.com']]) expectRefused(await askWith({ aud }));
  },
);

requirement(
  '3',
  'the JWT MUST contain an "exp" claim, and the authorization server MUST reject any JWT with an expiration time that has passed, subject to allowable clock skew',
  async () => {
    const at = now(setting.env);
    for (const exp of [undefined, 'soon', at - 3600, at - 600, at - 65])
      expectRefused(await askWith({ exp }));
    // A clock that is off by a minute; by ten minutes it is refused, whichever way.
    expect((await askWith({ iat: at - 115, exp: at - 55 })).status).toBe(200);
    expect((await askWith({ iat: at + 59, exp: at + 119 })).status).toBe(200);
    expectRefused(await askWith({ iat: at + 600, exp: at + 660 }));
    expectRefused(await askWith({ iat: at - 600, exp: at - 540 }));
    // Nor for long: its jti is remembered until then.
    expectRefused(await askWith({ exp: at + 3600 }));
  },
);

requirement('3', 'if there is an "nbf" claim, the token MUST NOT be accepted before that time', async () => {
  const at = now(setting.env);
  expect((await askWith({ nbf: at - 10 })).status).toBe(200);
  for (const nbf of [at + 120, at + 600, 'now']) expectRefused(await askWith({ nbf }));
});

requirement(
  '3',
  'the JWT MUST be digitally signed or have a MAC applied by the issuer (here: signed, by one of the client’s keys)',
  async () => {
    const { env } = setting;
    const claims = { iss: client.clientId, sub: client.clientId, aud: env.url, jti: randomUUID() };
    const unsigned = new UnsecuredJWT(claims).setExpirationTime('1m').encode();
    const secret = new TextEncoder().encode(JSON.stringify(client.key.publicJwk));
    const symmetric = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1m')
      .sign(secret);
    const stranger = { clientId: client.clientId, key: await Key.create() };
    for (const forged of [
      unsigned,
      symmetric,
      await assertionOf(env, stranger),
      await assertionOf(env, stranger, {}, { kid: client.key.publicJwk.kid }),
      await assertionOf(env, stranger, {}, { jwk: stranger.key.embedded }),
    ])
      expectRefused(await ask(forged));
    const good = await assertionOf(env, client);
    const [header, , signature] = good.split('.');
    const payload = Buffer.from(JSON.stringify({ ...claims, exp: now(env) + 60 })).toString('base64url');
    expectRefused(await ask(`${header}.${payload}.${signature}`));
    expectRefused(await ask(good.slice(0, -4)));
    expectRefused(await ask(`${good.split('.').slice(0, 2).join('.')}.`));
    expect((await ask(good)).status).toBe(200);
  },
);

requirement(
  '3',
  'the authorization server MUST reject a JWT that is not valid in all other respects (of an algorithm that is not listed)',
  async () => {
    for (const alg of ['PS256', 'EdDSA', 'Ed25519']) {
      const other = await registerKeyClient(setting.env, {}, alg);
      expect([alg, (await askWith({}, {}, other)).status]).toEqual([alg, 200]);
    }
    // Keys for these cannot even be registered; the same RSA key by PKCS #1 v1.5 is refused.
    const rsa = await registerKeyClient(setting.env, {}, 'PS256');
    const byRs256 = await Key.create('RS256');
    expectRefused(
      await askWith({}, { kid: rsa.key.publicJwk.kid }, { clientId: rsa.clientId, key: byRs256 }),
    );
  },
);

requirement(
  '3',
  'the authorization server MUST ensure that JWTs are not replayed (by maintaining the set of used "jti" values)',
  async () => {
    const { env } = setting;
    for (const jti of [undefined, '', 1, 'x'.repeat(600)]) expectRefused(await askWith({ jti }));
    const once = await assertionOf(env, client);
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(once)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(9).fill(401)]);
    // The same jti in another assertion is as good as the same.
    const jti = randomUUID();
    expect((await askWith({ jti })).status).toBe(200);
    expectRefused(await askWith({ jti, exp: now(env) + 120 }));
    // Another client's may be the same.
    expect((await askWith({ jti }, {}, await registerKeyClient(env))).status).toBe(200);
  },
);

requirement(
  '3.2',
  'if the client JWT is not valid, the value of the "error" parameter MUST be "invalid_client"',
  async () => {
    const refused = await askWith({ aud: 'https://other.example.com' });
    expectRefused(refused);
    // Whoever holds the key is told what is wrong.
    expect(refused.body.error_description).toContain('aud must be the issuer');
    const stranger = { clientId: client.clientId, key: await Key.create() };
    const { body } = await askWith({ aud: 'https://other.example.com' }, {}, stranger);
    expect(body.error_description).toBe('Client authentication failed.');
    // Nor is a secret any good to who is registered for a key, nor a key to who has a secret.
    const { clientId, clientSecret } = setting.confidential;
    const byKey = { clientId, key: client.key };
    expectRefused(await askWith({}, {}, byKey));
    expectError(
      await ask(await assertionOf(setting.env, client), { client_secret: clientSecret }),
      400,
      'invalid_request',
    );
    expectRefused(await ask(await assertionOf(setting.env, client), { client_id: clientId }));
  },
);
