import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { createDatabase } from '../support/engine.js';
import { rawRequest } from '../support/raw-request.js';
import { ServerProcess } from '../support/server-process.js';

const PAGE = '<!doctype html><title>The page</title>';
const SCRIPT = `export const text = '${'long '.repeat(1000)}';`;

/** What a build looks like, without one. */
function build(): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-console-'));
  mkdirSync(join(folder, 'assets'));
  mkdirSync(join(folder, '.vite'));
  writeFileSync(join(folder, 'index.html'), PAGE);
  writeFileSync(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(folder, '.vite/manifest.json'), '{"secret": true}');
  writeFileSync(join(folder, 'assets/index-Ab_3-x9.js'), SCRIPT);
  writeFileSync(join(folder, 'assets/index-Cd12.css'), 'body { color: red }');
  writeFileSync(join(folder, 'assets/.hidden.js'), 'hidden');
  return folder;
}

describe('the console', () => {
  let env: TestEnvironment;
  let folder: string;
  beforeAll(async () => {
    folder = build();
    env = await createTestEnvironment({ consoleFolder: folder });
  });
  afterAll(async () => {
    await env?.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    '/console',
    '/console/',
    '/console/applications/some.id',
    '/console/audit?type=a&all=true',
    '/console/callback?code=psa_1&state=s',
    '/console/assets',
    '/console/.vite/manifest.json',
    '/console/index.html',
    '/console/%2e%2e/%2e%2e/etc/passwd',
  ])('%s is the page, asked for anew each time', async (path) => {
    const { status, headers, text } = await rawRequest(env.url, 'GET', path);
    expect([status, text]).toEqual([200, PAGE]);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
    });
    expect(headers.etag ?? headers['last-modified']).toBeUndefined();
  });

  it('has a policy of its own: no inline script, no other host, no form that leaves, no frame', async () => {
    const { headers } = await env.anonymous.get('/console');
    const policy = Object.fromEntries(
      headers
        .get('content-security-policy')!
        .split('; ')
        .map((directive) => directive.split(/ (.*)/s, 2)),
    );
    expect(policy).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self' 'unsafe-inline'",
      'img-src': "'self' data:",
      'connect-src': "'self'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
    });
  });

  it.each([
    ['index-Ab_3-x9.js', /^(text|application)\/javascript/],
    ['index-Cd12.css', /^text\/css/],
  ])('%s is kept for a year', async (name, type) => {
    const { status, headers } = await env.anonymous.get(`/console/assets/${name}`);
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect(headers.get('content-type')).toMatch(type);
  });

  it('a script comes compressed, and whole: a part of it is not to be had', async () => {
    const { headers } = await rawRequest(env.url, 'GET', '/console/assets/index-Ab_3-x9.js', {
      headers: { 'accept-encoding': 'br', range: 'bytes=0-99' },
    });
    expect([headers['content-encoding'], headers.vary]).toEqual(['br', 'accept-encoding']);
    const response = await fetch(`${env.url}/console/assets/index-Ab_3-x9.js`, {
      headers: { 'accept-encoding': 'br' },
    });
    expect(await response.text()).toBe(SCRIPT);
  });

  it('the icon is kept for a day', async () => {
    const { headers } = await env.anonymous.get('/console/favicon.svg');
    expect([headers.get('content-type'), headers.get('cache-control')]).toEqual([
      'image/svg+xml',
      'public, max-age=86400',
    ]);
  });

  it.each([
    'index-0000.js',
    '',
    '.',
    '.hidden.js',
    'deeper/index.js',
    '..%2findex.html',
    '%2e%2e%2findex.html',
    '..%5cindex.html',
    '..%2f..%2f..%2fetc%2fpasswd',
    'index-Cd12.css%00.js',
    'index-Cd12.css%2f',
    'index-Cd12',
  ])('assets/%s is nothing: 404, never the page, and not to be remembered', async (name) => {
    const { status, headers, text } = await rawRequest(env.url, 'GET', `/console/assets/${name}`);
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
    expect(headers['cache-control'] ?? 'no-store').toBe('no-store');
    expect(text).not.toContain('hidden');
  });

  it.each(['/console', '/console/applications', '/console/assets/index-Cd12.css'])(
    '%s takes HEAD, and no verb that would change something',
    async (path) => {
      const head = await rawRequest(env.url, 'HEAD', path);
      expect([head.status, head.text]).toEqual([200, '']);
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const { status, headers } = await rawRequest(env.url, method, path);
        expect([method, status, headers.allow]).toEqual([method, 405, 'GET, HEAD']);
      }
    },
  );
});

describe('a server whose console has not been built', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment({ consoleFolder: join(tmpdir(), 'postern-no-such-console') });
  });
  afterAll(() => env?.close());

  it.each(['/console', '/console/applications', '/console/assets/index-Ab_3-x9.js'])(
    'says so at %s, and how it is built',
    async (path) => {
      const { status, headers, text } = await env.anonymous.get(path);
      expect([status, headers.get('content-type')]).toEqual([503, 'text/plain; charset=utf-8']);
      expect(text).toContain('npm run build:console');
    },
  );

  it('serves everything else', async () => {
    expect((await env.anonymous.get('/readyz')).status).toBe(200);
  });
});

describe('the log', () => {
  afterEach(() => ServerProcess.killAll());

  it('names the page that a sign-in came back to, and nothing of what it brought', async () => {
    const database = await createDatabase();
    const server = await ServerProcess.start({ ...database.environment, LOG_LEVEL: 'trace' });
    await fetch(`${server.url}/console/callback?code=psa_brought&state=brought-too&iss=x`);
    await fetch(`${server.url}/console/callback?code=psa_brought`, { method: 'POST' });
    await server.kill('SIGTERM');
    await database.drop();
    expect(server.output).toContain('"path":"/console/callback"');
    expect(server.output).not.toContain('brought');
  });
});
