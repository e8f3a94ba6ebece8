import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { basicAuthorization } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { NestFactory } from '../support/postern.js';
import { CLIENT_SECRET, generateSecret } from '#oauth-protocol';

const ID = '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f';
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

/** Open to everybody, by the contract. Whoever adds one here opens it. */
const PUBLIC = [
  '/healthz',
  '/readyz',
  '/openapi.json',
  '/openapi.yaml',
  '/oauth2/jwks',
  '/.well-known/oauth-authorization-server',
];
/** Open too, though not without parameters. */
const AUTHORIZE = ['/oauth2/authorize', '/osoc/api/oauthcontroller/authorize'];
/** The client's credentials are in the body, whose shape is looked at first. */
const CREDENTIALS_IN_JSON = '/pam/apps/autheticate/oauth/token-generation';
/** Pages for browsers: whoever is not signed in may sign in. Not among what is documented. */
const PAGES = [
  '/oauth2/sign-in',
  '/oauth2/sign-in/second-factor',
  '/oauth2/sign-in/enrolment',
  '/oauth2/sign-in/passkey.js',
  '/oauth2/sign-out',
  '/oauth2/consent',
  '/oauth2/consents',
];
/** They want a form before they look at who sends it; at the first three a client acts for itself, without a scope. */
const OF_CLIENTS = ['/oauth2/token', '/oauth2/par', '/oauth2/revoke', '/osoc/api/oauthcontroller/token'];
/** Takes no bearer tokens. */
const BASIC_ONLY = '/api/v1/configuration/';
const FORMS = [...OF_CLIENTS, '/oauth2/introspect', '/oauth/api/v2/token/introspect'];
const isPublic = (url: string) =>
  PUBLIC.includes(url) ||
  AUTHORIZE.includes(url) ||
  url === CREDENTIALS_IN_JSON ||
  PAGES.includes(url) ||
  /^\/(docs|console)(\/|$)/.test(url);

interface Route {
  method: string;
  url: string;
}

let env: TestEnvironment;
/** What the server has registered, whoever did: not what it documents. */
const routes: Route[] = [];

beforeAll(async () => {
  // The one place where the adapter of a server passes by, before its routes are declared.
  const create = NestFactory.create.bind(NestFactory) as (...args: any[]) => Promise<any>;
  (NestFactory as any).create = (module: unknown, adapter: FastifyAdapter, options: unknown) => {
    adapter.getInstance().addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) routes.push({ method: one, url });
    });
    return create(module, adapter, options);
  };
  try {
    env = await createTestEnvironment();
  } finally {
    (NestFactory as any).create = create;
  }
});
afterAll(() => env.close());

const concrete = (url: string) => url.replaceAll(/:[a-z_]+/g, ID).replace('*', 'x');

function call(method: string, path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(env.url + path, { method, headers }, (response) => {
      response.resume().on('end', () => resolve(response));
    });
    request.on('error', reject).end();
  });
}

describe('every route of the running server', () => {
  it('was found', () => {
    const urls = new Set(routes.map(({ url }) => url));
    for (const url of [
      '/oauth2/token',
      '/api/v1/clients/:client_id',
      '/pam/v1/devices',
      '/healthz',
      '/openapi.json',
    ])
      expect(urls).toContain(url);
  });

  it('is closed to who has no credentials, but for the public ones', async () => {
    const open: string[] = [];
    for (const { method, url } of routes) {
      if (isPublic(url)) continue;
      const { statusCode, headers } = await call(method, concrete(url));
      const asWrongVerb = statusCode === 405 && headers.allow !== undefined;
      const asClosed = statusCode === 401 && headers['www-authenticate'] === 'Bearer';
      const asForm = FORMS.includes(url) && statusCode === 400;
      if (!asWrongVerb && !asClosed && !asForm) open.push(`${method} ${url}: ${statusCode}`);
    }
    expect(open).toEqual([]);
  });

  it('is closed to a token that was never issued, and to a wrong secret', async () => {
    const open: string[] = [];
    // In the form of a generated one, whose hash is a fast one.
    const wrong = basicAuthorization('test-admin', generateSecret(CLIENT_SECRET));
    for (const { method, url } of routes) {
      if (isPublic(url) || FORMS.includes(url)) continue;
      for (const authorization of ['Bearer pst_nonsense', wrong]) {
        const { statusCode } = await call(method, concrete(url), { authorization });
        if (statusCode !== 401 && statusCode !== 405) open.push(`${method} ${url}: ${statusCode}`);
      }
    }
    expect(open).toEqual([]);
  });

  it('wants a scope: a token without any gets no further', async () => {
    const scope = 'nothing-much';
    await env.admin.post('/api/v1/scopes', { body: { name: scope, description: 'x' } });
    const { clientId, clientSecret } = await env.registerClient({ scopes: [scope] });
    const bearer = `Bearer ${await env.token(clientId, clientSecret)}`;
    const open: string[] = [];
    for (const { method, url } of routes) {
      const authorization = url.startsWith(BASIC_ONLY) ? basicAuthorization(clientId, clientSecret) : bearer;
      if (isPublic(url) || OF_CLIENTS.includes(url)) continue;
      const { statusCode } = await call(method, concrete(url), { authorization });
      if (statusCode !== 403 && statusCode !== 405) open.push(`${method} ${url}: ${statusCode}`);
    }
    expect(open).toEqual([]);
  });

  it('is documented, or answers that the verb is wrong', async () => {
    const { body } = await env.anonymous.get('/openapi.json');
    const documented = (method: string, url: string) =>
      body.paths[url.replaceAll(/:([a-z_]+)/g, '{$1}')]?.[method.toLowerCase()] !== undefined;
    const hidden: string[] = [];
    for (const { method, url } of routes) {
      if (/^\/(docs|console|openapi\.)/.test(url) || PAGES.includes(url)) continue;
      if (documented(method, url) || (method === 'HEAD' && documented('GET', url))) continue;
      const { statusCode } = await call(method, concrete(url));
      if (statusCode !== 405) hidden.push(`${method} ${url}: ${statusCode}`);
    }
    expect(hidden).toEqual([]);
  });

  it('says which verbs it takes to every other', async () => {
    const known = [...new Set(routes.map(({ url }) => url))].filter(
      (url) => !/\*|^.(docs|console)/.test(url),
    );
    for (const url of known) {
      const answers = await Promise.all(METHODS.map((method) => call(method, concrete(url))));
      expect([url, answers.map(({ statusCode }) => statusCode)]).not.toEqual([
        url,
        expect.arrayContaining([404]),
      ]);
      const taken = METHODS.filter((_, index) => answers[index]!.statusCode !== 405);
      for (const { statusCode, headers } of answers) {
        if (statusCode === 405) expect([url, headers.allow!.split(', ').sort()]).toEqual([url, taken.sort()]);
      }
    }
  });
});

it('the token endpoint answers a form without credentials with invalid_client', async () => {
  const { status, body, headers } = await env.anonymous.post('/oauth2/token', {
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  expect([status, body.error]).toEqual([401, 'invalid_client']);
  expect(headers.get('www-authenticate')).toMatch(/^Basic /);
});

it.each(PUBLIC.concat('/docs'))('%s is open', async (path) => {
  expect((await env.anonymous.get(path)).status).toBe(200);
});

it.each([
  '/nothing',
  '/api/v1',
  '/api/v1/clients/',
  '/api/v2/clients',
  '/pam/v1/secrets',
  '/oauth2',
  '//healthz',
])('%s is nothing: 404', async (path) => {
  const { status, body } = await env.anonymous.get(path);
  expect([status, body.code]).toEqual([404, 'not_found']);
});
