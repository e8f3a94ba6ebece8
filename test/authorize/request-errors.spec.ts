import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { rawRequest } from '../support/raw-request.js';
import {
  answerOf,
  asking,
  authorize,
  CALLBACK,
  CHALLENGE,
  codeClient,
  isErrorPage,
  isKept,
  type Parameters,
} from './asking.js';

let env: TestEnvironment;
let clientId: string;

beforeAll(async () => {
  env = await createTestEnvironment();
  ({ clientId } = await codeClient(env));
});
afterAll(() => env.close());

const refused = async (query: URLSearchParams | string) => {
  const { to, parameters } = answerOf(await authorize(env, query));
  expect(to).toBe(CALLBACK);
  expect(parameters.iss).toBe(env.url);
  expect(parameters.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  expect(parameters.code).toBeUndefined();
  return parameters;
};

describe('a good request', () => {
  it('is kept on the server: the browser goes on with a handle and nothing else', async () => {
    const answer = await authorize(env, asking(clientId));
    expect(isKept(answer)).toBe(true);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' });
  });

  it.each<[string, Parameters]>([
    ['an unknown parameter (RFC 6749 §3.1)', { nonsense: '1', constructor: 'x', __proto: 'y' }],
    ['a parameter of OpenID Connect', { nonce: 'n', display: 'page', ui_locales: 'de' }],
    ['no scope', { scope: undefined }],
    ['no state', { state: undefined }],
    ['scopes with extra spaces', { scope: '  users:read   devices:read ' }],
    ['response_mode=query', { response_mode: 'query' }],
    ['optional parameters without a value (§3.1)', { scope: '', state: '', prompt: '', response_mode: '' }],
    ['prompt=login consent', { prompt: 'login consent' }],
    ['no redirect URI, one being registered', { redirect_uri: undefined }],
    ['an empty redirect URI, one being registered', { redirect_uri: '' }],
  ])('may have %s', async (_, changes) => {
    expect(isKept(await authorize(env, asking(clientId, changes)))).toBe(true);
  });

  it('comes by POST as well (§3.1)', async () => {
    const body = asking(clientId).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(isKept(await rawRequest(env.url, 'POST', '/oauth2/authorize', { headers, body }))).toBe(true);
  });
});

describe('a request whose client or redirect URI is in doubt gets a page, never a redirect', () => {
  it.each<[string, Parameters]>([
    ['no client_id', { client_id: undefined }],
    ['an empty client_id', { client_id: '' }],
    ['an unknown client_id', { client_id: 'nobody' }],
    ['a client_id that cannot be one', { client_id: "' OR 1=1 --" }],
    ['a client_id of any length', { client_id: 'a'.repeat(4000) }],
    ['another redirect_uri', { redirect_uri: 'https://evil.example/callback' }],
    ['both wrong', { client_id: 'nobody', redirect_uri: 'https://evil.example/' }],
  ])('%s', async (_, changes) => {
    expect(isErrorPage(await authorize(env, asking(clientId, changes)))).toBe(true);
  });

  it.each(['client_id', 'redirect_uri'])('%s twice, though both are right', async (name) => {
    const query = asking(clientId);
    query.append(name, query.get(name)!);
    expect(isErrorPage(await authorize(env, query))).toBe(true);
  });

  it.each(['client_id=%zz', '%E0%A4%A=1', 'state=%FF', 'state=a%00b', 'scope=%ED%A0%80'])(
    'what is not percent-encoded UTF-8: %s',
    async (bad) => {
      expect(isErrorPage(await authorize(env, `${asking(clientId, { state: undefined })}&${bad}`))).toBe(
        true,
      );
    },
  );

  it('nothing at all', async () => {
    expect(isErrorPage(await rawRequest(env.url, 'GET', '/oauth2/authorize'))).toBe(true);
  });

  it('a client that is inactive, not valid yet, or not any more', async () => {
    const soon = new Date(env.clock.now().getTime() + 3_600_000).toISOString();
    const { clientId: inactive } = await codeClient(env, { active: false });
    const { clientId: early } = await codeClient(env, { valid_from: soon });
    const { clientId: late } = await codeClient(env, { valid_until: soon });
    expect(isErrorPage(await authorize(env, asking(inactive)))).toBe(true);
    expect(isErrorPage(await authorize(env, asking(early)))).toBe(true);
    expect(isKept(await authorize(env, asking(late)))).toBe(true);
    env.clock.advance(3_600);
    expect(isKept(await authorize(env, asking(early)))).toBe(true);
    expect(isErrorPage(await authorize(env, asking(late)))).toBe(true);
  });

  it('a client that is deleted at that very moment', async () => {
    const { clientId } = await codeClient(env);
    await env.database.query(
      `CREATE FUNCTION delete_client() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN DELETE FROM clients WHERE id = NEW.client; RETURN NEW; END $$`,
    );
    await env.database.query(
      `CREATE TRIGGER deleting BEFORE INSERT ON authorization_requests
       FOR EACH ROW EXECUTE FUNCTION delete_client()`,
    );
    const answer = await authorize(env, asking(clientId));
    await env.database.query('DROP TRIGGER deleting ON authorization_requests');
    expect(isErrorPage(answer)).toBe(true);
  });

  it('all of them in the same words, whether the client exists or not', async () => {
    const { clientId: inactive } = await codeClient(env, { active: false });
    const words = async (id: string) =>
      (await authorize(env, asking(id))).text.replace(/Request <code>.*<\/code>/, '');
    expect(await words(inactive)).toBe(await words('nobody'));
  });

  it('JSON: 415', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(Object.fromEntries(asking(clientId)));
    const { status, text } = await rawRequest(env.url, 'POST', '/oauth2/authorize', { headers, body });
    expect([status, text]).toEqual([415, expect.stringContaining('application/x-www-form-urlencoded')]);
  });
});

describe('any other fault is told to the client', () => {
  it.each<[string, Parameters]>([
    ['invalid_request', { response_type: undefined }],
    ['invalid_request', { response_type: '' }],
    ['unsupported_response_type', { response_type: 'token' }],
    ['unsupported_response_type', { response_type: 'code token' }],
    ['unsupported_response_type', { response_type: 'CODE' }],
    ['invalid_request', { response_mode: 'fragment' }],
    ['invalid_request', { response_mode: 'form_post' }],
    ['request_not_supported', { request: 'eyJhbGciOiJub25lIn0.e30.' }],
    ['request_uri_not_supported', { request_uri: 'https://app.example.com/request.jwt' }],
    ['request_uri_not_supported', { request_uri: 'urn:ietf:params:oauth:request_uri:unknown' }],
    ['invalid_scope', { scope: 'users:read\tdevices:read' }],
    ['invalid_scope', { scope: 'users:read "' }],
    ['invalid_scope', { scope: 'gerätè:read' }],
    ['invalid_scope', { scope: 'clients:write' }],
    ['invalid_scope', { scope: 'users:read unknown' }],
    ['invalid_request', { prompt: 'select_account' }],
    ['invalid_request', { prompt: 'none login' }],
    ['invalid_request', { prompt: 'login login' }],
    ['invalid_request', { access_token: 'pst_nonsense' }],
  ])('%s: %j', async (error, changes) => {
    const parameters = await refused(asking(clientId, changes));
    expect(parameters).toMatchObject({ error, state: 'state-1' });
  });

  it.each(['response_type', 'scope', 'code_challenge', 'prompt', 'nonsense'])(
    'invalid_request: %s twice',
    async (name) => {
      const query = asking(clientId);
      query.append(name, 'x');
      query.append(name, 'x');
      expect(await refused(query)).toMatchObject({ error: 'invalid_request', state: 'state-1' });
    },
  );

  it('invalid_request without any state, where that came twice', async () => {
    const query = asking(clientId);
    query.append('state', 'state-1');
    const parameters = await refused(query);
    expect([parameters.error, parameters.state]).toEqual(['invalid_request', undefined]);
  });

  it('unauthorized_client: one that is not registered for codes', async () => {
    const { clientId: other } = await codeClient(env, { grant_types: ['client_credentials'] });
    expect(await refused(asking(other))).toMatchObject({ error: 'unauthorized_client' });
  });

  it('invalid_scope: none asked for, and the client has none', async () => {
    const { clientId: other } = await codeClient(env, { scopes: [] });
    expect(await refused(asking(other, { scope: undefined }))).toMatchObject({ error: 'invalid_scope' });
  });

  it('and without a state where none came', async () => {
    const parameters = await refused(asking(clientId, { state: undefined, response_type: 'token' }));
    expect(Object.keys(parameters).toSorted()).toEqual(['error', 'error_description', 'iss']);
  });
});

describe('PKCE (RFC 7636)', () => {
  it.each<[string, Parameters]>([
    ['no challenge', { code_challenge: undefined, code_challenge_method: undefined }],
    ['a method without a challenge', { code_challenge: undefined }],
    ['no method, which means plain (§4.3)', { code_challenge_method: undefined }],
    ['plain', { code_challenge_method: 'plain' }],
    ['s256', { code_challenge_method: 's256' }],
    ['an empty method', { code_challenge_method: '' }],
    ['an empty challenge', { code_challenge: '' }],
    ['one character', { code_challenge: 'a' }],
    ['42 characters', { code_challenge: CHALLENGE.slice(1) }],
    ['44 characters', { code_challenge: `${CHALLENGE}a` }],
    ['padding', { code_challenge: `${CHALLENGE.slice(1)}=` }],
    ['characters of base64', { code_challenge: `${CHALLENGE.slice(1)}+` }],
    ['a line break', { code_challenge: `${CHALLENGE}\n` }],
  ])('refuses %s', async (_, changes) => {
    expect(await refused(asking(clientId, changes))).toMatchObject({ error: 'invalid_request' });
  });

  it('may be left out by a client that was registered so, but not by halves', async () => {
    const { clientId: other } = await codeClient(env, { require_pkce: false });
    const without = { code_challenge: undefined, code_challenge_method: undefined };
    expect(isKept(await authorize(env, asking(other, without)))).toBe(true);
    // RFC 6749 §3.1: without a value they count as absent.
    const empty = { code_challenge: '', code_challenge_method: '' };
    expect(isKept(await authorize(env, asking(other, empty)))).toBe(true);
    expect(isKept(await authorize(env, asking(other)))).toBe(true);
    for (const changes of [
      { code_challenge: undefined },
      { code_challenge: '' },
      { code_challenge_method: undefined },
      { code_challenge_method: 'plain' },
    ])
      expect(await refused(asking(other, changes))).toMatchObject({ error: 'invalid_request' });
  });

  it('may not be left out by a public client', async () => {
    const { clientId: other } = await codeClient(env, { token_endpoint_auth_method: 'none' });
    const without = { code_challenge: undefined, code_challenge_method: undefined };
    expect(await refused(asking(other, without))).toMatchObject({ error: 'invalid_request' });
  });
});

describe('state', () => {
  it.each([
    'a b+c%20d&e=f#g?h',
    '"<script>alert(1)</script>\'',
    'line\r\nSet-Cookie: a=b',
    'äöü 漢字 😀',
    'x'.repeat(8192),
    '😀'.repeat(500),
  ])('comes back exactly: %j', async (state) => {
    const query = asking(clientId, { state, response_type: 'token' });
    expect((await refused(query)).state).toBe(state);
  });

  it('of more than 8192 bytes is a page', async () => {
    const body = asking(clientId, { state: 'x'.repeat(8193) }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(isErrorPage(await rawRequest(env.url, 'POST', '/oauth2/authorize', { headers, body }))).toBe(true);
    const wide = asking(clientId, { state: 'ä'.repeat(4097) }).toString();
    expect(isErrorPage(await rawRequest(env.url, 'POST', '/oauth2/authorize', { headers, body: wide }))).toBe(
      true,
    );
  });
});
