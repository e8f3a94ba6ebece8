import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDevice, importRows, openRequest } from '../inventory/fixtures.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

let env: TestEnvironment;
let authorization: string;

beforeAll(async () => {
  env = await createTestEnvironment();
  const rows = Array.from({ length: 50 }, (_, index) => aDevice(`d${100 + index}`));
  await importRows(env.admin, 'devices', [...rows, aDevice('wide', { platform: 'x'.repeat(256) })]);
  await importRows(env.admin, 'devices', [
    aDevice('large', { protocols: Array.from({ length: 100 }, (_, index) => `protocol ${index}`) }),
  ]);
  const { clientId, clientSecret } = await env.registerClient();
  authorization = `Bearer ${await env.token(clientId, clientSecret)}`;
});

afterAll(() => env?.close());

async function get(path: string, headers: Record<string, string> = {}) {
  const { sent, response } = openRequest(env.url + path, { headers: { authorization, ...headers } });
  sent.end();
  const answer = await response;
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(chunks) };
}

const PLAIN = { gzip: gunzipSync, br: brotliDecompressSync };

describe('compression', () => {
  it.each([
    ['/pam/v1/devices', 'gzip', '*/*'],
    ['/pam/v1/devices', 'br', '*/*'],
    ['/pam/v1/devices', 'gzip', 'application/x-ndjson'],
    ['/pam/v1/devices', 'br', 'text/csv'],
    ['/pam/v1/devices/large', 'gzip', '*/*'],
    ['/openapi.json', 'br', '*/*'],
    ['/openapi.yaml', 'gzip', '*/*'],
  ] as const)('gives %s in %s, as %s', async (path, encoding, accept) => {
    const plain = await get(path, { accept });
    const packed = await get(path, { accept, 'accept-encoding': encoding });
    expect([plain.headers['content-encoding'], packed.headers['content-encoding']]).toEqual([
      undefined,
      encoding,
    ]);
    expect(PLAIN[encoding](packed.bytes).equals(plain.bytes)).toBe(true);
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length);
    for (const { headers } of [plain, packed]) expect(headers.vary).toMatch(/accept-encoding/i);
  });

  it('leaves small answers as they are', async () => {
    const { headers } = await get('/pam/v1/devices/d100', { 'accept-encoding': 'gzip, br' });
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers.vary).toMatch(/accept-encoding/i);
  });

  it('leaves out what the caller does not take', async () => {
    for (const encoding of ['identity', 'gzip;q=0', 'compress']) {
      const { status, headers } = await get('/pam/v1/devices', { 'accept-encoding': encoding });
      expect([encoding, status, headers['content-encoding']]).toEqual([encoding, 200, undefined]);
    }
  });

  it('keeps to one ETag for a row in every coding, and answers 304 for each', async () => {
    const plain = await get('/pam/v1/devices/large');
    const packed = await get('/pam/v1/devices/large', { 'accept-encoding': 'gzip' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.headers.etag).toMatch(/^W\//);
    expect(packed.headers.etag).toBe(plain.headers.etag);
    for (const encoding of ['gzip', 'identity']) {
      const again = await get('/pam/v1/devices/large', {
        'accept-encoding': encoding,
        'if-none-match': packed.headers.etag!,
      });
      expect([again.status, again.headers.etag, again.bytes.length]).toEqual([304, plain.headers.etag, 0]);
    }
  });

  it('never touches answers in which secrets and tokens stand beside text of the caller’s', async () => {
    const { clientId, clientSecret } = await env.registerClient({ notes: 'n'.repeat(1500) });
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    const packed = { 'accept-encoding': 'gzip, br' };
    const admin = await env.registerClient({ scopes: ['clients:read', 'tokens:read', 'audit:read'] });
    const bearer = `Bearer ${await env.token(admin.clientId, admin.clientSecret)}`;
    const answers = await Promise.all([
      ...['/api/v1/clients?limit=1000', '/api/v1/tokens?limit=1000', '/api/v1/audit-events?limit=1000'].map(
        (path) => get(path, { ...packed, authorization: bearer }),
      ),
      get(`/api/v1/clients/${clientId}`, { ...packed, authorization: bearer }),
      get(`/oauth2/token?${'x'.repeat(1500)}`, { ...packed, authorization: basic }),
    ]);
    for (const { headers } of answers) expect(headers['content-encoding']).toBeUndefined();
    expect(answers[3]!.bytes.length).toBeGreaterThan(1024);
  });
});
