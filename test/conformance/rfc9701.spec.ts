import { afterAll, beforeAll, expect } from '@jest/globals';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { ApiClient } from '../support/api-client.js';
import { requirementsOf } from './requirement.js';
import { present, Setting, type Client } from './setting.js';

const requirement = requirementsOf(9701);
const JWT = 'application/token-introspection+jwt';

let setting: Setting;
/** A resource server. */
let resource: Required<Client>;
let token: string;
beforeAll(async () => {
  setting = await Setting.create();
  resource = await setting.registerConfidential({ scopes: ['tokens:introspect'] });
  token = (await setting.tokens(setting.confidential)).access_token;
});
afterAll(() => setting.close());

const ask = (accept: string, asked = token, path = '/oauth2/introspect') =>
  ApiClient.basic(setting.env.url, resource.clientId, resource.clientSecret).post(path, {
    body: present({ token: asked }),
    headers: { accept },
  });

async function verified(jwt: string) {
  const keys = createRemoteJWKSet(new URL(`${setting.env.url}/oauth2/jwks`));
  return jwtVerify(jwt, keys, {
    issuer: setting.env.url,
    audience: resource.clientId,
    algorithms: ['ES256'],
  });
}

requirement(
  '4',
  'the response MUST be a JWT where "application/token-introspection+jwt" is asked for (JSON where it is not)',
  async () => {
    for (const path of ['/oauth2/introspect', '/oauth/api/v2/token/introspect']) {
      const { status, headers, text } = await ask(JWT, token, path);
      expect([status, headers.get('content-type')]).toEqual([200, JWT]);
      expect(headers.get('cache-control')).toBe('no-store');
      expect((await verified(text)).payload.token_introspection).toMatchObject({ active: true });
    }
    for (const accept of ['application/json', '*/*', `application/json, ${JWT};q=0.5`, 'text/html'])
      expect((await ask(accept)).headers.get('content-type')).toMatch(/^application\/json/);
  },
);

requirement('5', '"typ" MUST be set to "token-introspection+jwt"', async () => {
  const { typ, alg, kid } = decodeProtectedHeader((await ask(JWT)).text);
  expect([typ, alg, kid]).toEqual(['token-introspection+jwt', 'ES256', expect.any(String)]);
});

requirement(
  '5',
  '"iss" MUST be the issuer, "aud" MUST identify the resource server that asked, and "iat" MUST be the creation time',
  async () => {
    const { payload } = await verified((await ask(JWT)).text);
    expect([payload.iss, payload.aud]).toEqual([setting.env.url, resource.clientId]);
    expect(Math.abs(payload.iat! - Date.now() / 1000)).toBeLessThan(30);
  },
);

requirement(
  '5',
  '"token_introspection" MUST hold the members of the RFC 7662 response, and of an inactive token "active" alone',
  async () => {
    const [json, jwt] = [await ask('application/json'), await ask(JWT)];
    expect((await verified(jwt.text)).payload.token_introspection).toEqual(json.body);
    const inactive = await verified((await ask(JWT, 'nonsense')).text);
    expect(inactive.payload.token_introspection).toEqual({ active: false });
  },
);

requirement(
  '5',
  'the claims "sub" and "exp" MUST NOT be top-level members (so that the answer is no token)',
  async () => {
    const { text } = await ask(JWT);
    const { payload } = await verified(text);
    expect(Object.keys(payload).toSorted()).toEqual(['aud', 'iat', 'iss', 'token_introspection']);
    expect(await setting.use(text)).toBe(401);
    expect(await setting.isActive(text)).toBe(false);
  },
);

requirement('5', 'the authorization server MUST require the resource server to authenticate', async () => {
  const body = present({ token });
  const anonymous = await setting.env.anonymous.post('/oauth2/introspect', {
    body,
    headers: { accept: JWT },
  });
  expect(anonymous.status).toBe(401);
});
