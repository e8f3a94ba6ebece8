import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { answerOf, asking, authorize, CALLBACK, codeClient, isErrorPage, isKept } from './asking.js';

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment();
});
afterAll(() => env.close());

const publicClient = (...redirect_uris: string[]) =>
  codeClient(env, { token_endpoint_auth_method: 'none', redirect_uris });

describe('RFC 9700 §4.1.3: a redirect URI is compared as text, and one that differs gets a page:', () => {
  it.each([
    ['a longer path', `${CALLBACK}/more`],
    ['a slash at the end', `${CALLBACK}/`],
    ['a shorter path', 'https://app.example.com/'],
    ['dot segments', 'https://app.example.com/a/../callback'],
    ['dot segments in percent-encoding', 'https://app.example.com/a/%2e%2e/callback'],
    ['a dot segment', 'https://app.example.com/./callback'],
    ['percent-encoding', 'https://app.example.com/c%61llback'],
    ['another case of the host', 'https://APP.example.com/callback'],
    ['another case of the scheme', 'HTTPS://app.example.com/callback'],
    ['another case of the path', 'https://app.example.com/Callback'],
    ['the default port', 'https://app.example.com:443/callback'],
    ['another port', 'https://app.example.com:8443/callback'],
    ['another scheme', 'http://app.example.com/callback'],
    ['user information', 'https://user@app.example.com/callback'],
    ['the host as user information', 'https://app.example.com@evil.example/callback'],
    ['several @', 'https://evil.example@@app.example.com/callback'],
    ['user information with an encoded @', 'https://app.example.com%40evil.example/callback'],
    ['a backslash', 'https://evil.example\\@app.example.com/callback'],
    ['a backslash in the path', 'https://app.example.com\\callback'],
    ['a backslash at the end', `${CALLBACK}\\`],
    ['a query', `${CALLBACK}?a=b`],
    ['an empty query', `${CALLBACK}?`],
    ['a code of its own', `${CALLBACK}?code=planted`],
    ['a fragment', `${CALLBACK}#top`],
    ['an empty fragment', `${CALLBACK}#`],
    ['a code in a fragment', `${CALLBACK}#code=planted`],
    ['a subdomain', 'https://evil.app.example.com/callback'],
    ['a longer domain', 'https://app.example.com.evil.example/callback'],
    ['a dot at the end of the host', 'https://app.example.com./callback'],
    ['a space at the end', `${CALLBACK} `],
    ['a space at the start', ` ${CALLBACK}`],
    ['a line break', `${CALLBACK}\r\nSet-Cookie: a=b`],
    ['a TAB within', 'https://app.example.com/call\tback'],
    ['a second address', `${CALLBACK},https://evil.example/`],
    ['no scheme', '//app.example.com/callback'],
    ['a path alone', '/callback'],
    ['another host', 'https://evil.example/callback'],
    ['a script', 'javascript:alert(1)'],
    ['data', 'data:text/html,<script>alert(1)</script>'],
  ])('%s', async (_, redirect_uri) => {
    const { clientId } = await codeClient(env);
    const answer = await authorize(env, asking(clientId, { redirect_uri }));
    expect(isErrorPage(answer)).toBe(true);
    expect(answer.text).not.toContain('evil.example');
    expect(answer.text).not.toContain('<script');
  });

  it('and is equal to itself, with whatever query it was registered', async () => {
    const redirect_uri = `${CALLBACK}?tenant=1&next=%2fa%2F`;
    const { clientId } = await codeClient(env, { redirect_uris: [redirect_uri] });
    expect(isKept(await authorize(env, asking(clientId, { redirect_uri })))).toBe(true);
    const refused = await authorize(env, asking(clientId, { redirect_uri, response_type: 'token' }));
    expect(refused.headers.location).toMatch(
      /^https:\/\/app\.example\.com\/callback\?tenant=1&next=%2fa%2F&error=/,
    );
  });
});

describe('RFC 8252 §7.3: a loopback address', () => {
  it.each([
    ['http://127.0.0.1/callback', 'http://127.0.0.1:53682/callback'],
    ['http://127.0.0.1:8080/callback', 'http://127.0.0.1/callback'],
    ['http://127.0.0.1:8080/callback', 'http://127.0.0.1:1/callback'],
    ['http://[::1]/callback', 'http://[::1]:65535/callback'],
    ['http://127.0.0.1', 'http://127.0.0.1:9000'],
  ])('registered as %s may be %s', async (registered, redirect_uri) => {
    const { clientId } = await publicClient(registered);
    expect(isKept(await authorize(env, asking(clientId, { redirect_uri })))).toBe(true);
    const refused = await authorize(env, asking(clientId, { redirect_uri, response_type: 'token' }));
    expect(answerOf(refused).to).toBe(redirect_uri);
  });

  it.each([
    'http://127.0.0.1:53682/callback/more',
    'http://127.0.0.1:53682/Callback',
    'http://127.0.0.1:65536/callback',
    'http://127.0.0.1:99999/callback',
    'http://127.0.0.1:/callback',
    'http://127.0.0.1:80a/callback',
    'http://127.0.0.1:80@evil.example/callback',
    'http://127.0.0.1:80\\@evil.example/callback',
    'http://127.0.0.1.evil.example/callback',
    'http://user@127.0.0.1/callback',
    'http://127.0.0.2/callback',
    'http://127.1/callback',
    'http://localhost/callback',
    'http://[::1]/callback',
    'https://127.0.0.1/callback',
    'http://127.0.0.1:53682/callback?code=planted',
    'http://127.0.0.1:53682/callback#code=planted',
  ])('registered as http://127.0.0.1/callback may not be %s', async (redirect_uri) => {
    const { clientId } = await publicClient('http://127.0.0.1/callback');
    expect(isErrorPage(await authorize(env, asking(clientId, { redirect_uri })))).toBe(true);
  });
});

describe('RFC 8252 §7.1: a private-use scheme', () => {
  it('is a public client’s, as an exact string', async () => {
    const { clientId } = await publicClient('com.example.app:/callback');
    const redirect_uri = 'com.example.app:/callback';
    expect(isKept(await authorize(env, asking(clientId, { redirect_uri })))).toBe(true);
    const refused = await authorize(env, asking(clientId, { redirect_uri, response_type: 'token' }));
    expect(answerOf(refused).to).toBe(redirect_uri);
    for (const other of ['com.example.app://callback', 'COM.example.app:/callback', 'com.example:/callback'])
      expect(isErrorPage(await authorize(env, asking(clientId, { redirect_uri: other })))).toBe(true);
  });
});

describe('no redirect_uri', () => {
  const without = { redirect_uri: undefined };

  it('is the one that is registered, where there is just one (RFC 6749 §3.1.2.3)', async () => {
    const { clientId } = await codeClient(env);
    const refused = await authorize(env, asking(clientId, { ...without, response_type: 'token' }));
    expect(answerOf(refused).to).toBe(CALLBACK);
  });

  it('is a page, where there is more than one', async () => {
    const { clientId } = await codeClient(env, { redirect_uris: [CALLBACK, `${CALLBACK}2`] });
    expect(isErrorPage(await authorize(env, asking(clientId, without)))).toBe(true);
    expect(isKept(await authorize(env, asking(clientId, { redirect_uri: `${CALLBACK}2` })))).toBe(true);
  });

  it('is a page, where there is none; and any is, then', async () => {
    const { clientId } = await codeClient(env, { grant_types: ['client_credentials'], redirect_uris: [] });
    expect(isErrorPage(await authorize(env, asking(clientId, without)))).toBe(true);
    expect(isErrorPage(await authorize(env, asking(clientId)))).toBe(true);
  });
});
