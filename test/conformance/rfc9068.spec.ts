import { afterAll, beforeAll, expect } from '@jest/globals';
import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  importJWK,
  jwtVerify,
  SignJWT,
  type JWTHeaderParameters,
} from 'jose';
import { requirementsOf } from './requirement.js';
import { altered, Setting, type Client } from './setting.js';

const requirement = requirementsOf(9068);

let setting: Setting;
let client: Required<Client>;
let ofClient: string;
let ofPerson: string;
beforeAll(async () => {
  setting = await Setting.create();
  client = await setting.registerConfidential({ access_token_format: 'jwt' });
  ofClient = await setting.ownToken(client);
  ofPerson = (await setting.tokens(client)).access_token;
});
afterAll(() => setting.close());

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** As the first token but for some of it, and signed with the very key that signed that. */
async function forged(header: object, claims: object = {}): Promise<string> {
  const protectedHeader = { ...decodeProtectedHeader(ofClient), ...header } as JWTHeaderParameters;
  const { rows } = await setting.env.database.query<{ privateKey: string }>(
    'SELECT private_key AS "privateKey" FROM signing_keys WHERE kid = $1',
    [protectedHeader.kid],
  );
  const key = await importJWK(JSON.parse(rows[0]!.privateKey), protectedHeader.alg);
  return new SignJWT({ ...decodeJwt(ofClient), ...claims }).setProtectedHeader(protectedHeader).sign(key);
}

requirement('2.1', 'JWT access tokens MUST be signed, and MUST NOT use "none" as the algorithm', async () => {
  const jwks = createRemoteJWKSet(new URL(`${setting.env.url}/oauth2/jwks`));
  for (const token of [ofClient, ofPerson]) {
    const { protectedHeader } = await jwtVerify(token, jwks);
    expect(['ES256', 'EdDSA']).toContain(protectedHeader.alg);
  }
});

requirement('2.1', 'JWT access tokens MUST include the media type "at+jwt" in the "typ" header', async () => {
  for (const token of [ofClient, ofPerson]) expect(decodeProtectedHeader(token).typ).toBe('at+jwt');
});

for (const [claim, expected] of [
  ['iss', () => setting.env.url],
  ['exp', () => expect.any(Number)],
  ['aud', () => setting.env.url],
  ['sub', () => expect.any(String)],
  ['client_id', () => client.clientId],
  ['iat', () => expect.any(Number)],
  ['jti', () => expect.stringMatching(/^[0-9a-f-]{36}$/)],
] as const)
  requirement('2.2', `${claim} REQUIRED`, async () => {
    for (const token of [ofClient, ofPerson]) expect(decodeJwt(token)[claim]).toEqual(expected());
  });

requirement(
  '3',
  'if the request does not include a "resource" parameter, the authorization server MUST use a default resource indicator in the "aud" claim',
  async () => {
    expect(decodeJwt(ofPerson).aud).toBe((await setting.metadata()).issuer);
  },
);

requirement(
  '4',
  'the resource server MUST verify that the "typ" header value is "at+jwt" and reject tokens carrying any other value',
  async () => {
    for (const typ of ['JWT', 'dpop+jwt', undefined])
      expect(await setting.use(await forged({ typ }))).toBe(401);
  },
);

requirement('4', 'the issuer identifier MUST exactly match the value of the "iss" claim', async () => {
  expect(await setting.use(await forged({}, { iss: `${setting.env.url}/` }))).toBe(401);
});

requirement(
  '4',
  'the resource server MUST validate that the "aud" claim contains a resource indicator value that it expects for itself',
  async () => {
    expect(await setting.use(await forged({}, { aud: 'https://other.example' }))).toBe(401);
  },
);

requirement(
  '4',
  'the resource server MUST validate the signature of all incoming JWT access tokens, and MUST reject any JWT in which the value of "alg" is "none"',
  async () => {
    expect(await setting.use(ofClient)).toBe(200);
    const [header, payload, signature] = ofClient.split('.');
    expect(await setting.use(`${header}.${payload}.${altered(signature!)}`)).toBe(401);
    expect(
      await setting.use(
        `${encoded({ ...decodeProtectedHeader(ofClient), alg: 'none' })}.${payload}.${signature}`,
      ),
    ).toBe(401);
    expect(await setting.use(`${encoded({ alg: 'none', typ: 'at+jwt' })}.${payload}.`)).toBe(401);
  },
);

requirement('4', 'the current time MUST be before the time represented by the "exp" claim', async () => {
  const token = await setting.ownToken(client);
  try {
    setting.env.clock.set(new Date(decodeJwt(token).exp! * 1000 - 2000));
    expect(await setting.use(token)).toBe(200);
    setting.env.clock.set(new Date(decodeJwt(token).exp! * 1000 + 1000));
    expect(await setting.use(token)).toBe(401);
  } finally {
    setting.env.clock.set(new Date());
  }
});
