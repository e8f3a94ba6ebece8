import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { rawBytes } from '../support/raw-request.js';
import { until, within } from '../support/waiting.js';

/** Usually half a minute and a quarter; the answers are the same. */
const LATE_MS = 500;
const CONNECTIONS = 60;
const SECRET = 'a-secret-that-came-along';
/** On a machine that has other things to do. */
const BOUND_MS = 10_000;

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment({
    connectionLimits: { headersMs: LATE_MS, bodyMs: LATE_MS, checkEveryMs: 50, connections: CONNECTIONS },
  });
});
afterAll(() => env.close());

const say = (bytes: string) => within(BOUND_MS, rawBytes(env.url, bytes));
const isServed = async () => expect((await env.anonymous.get('/healthz')).status).toBe(200);

async function open(): Promise<Socket> {
  const { hostname, port } = new URL(env.url);
  const socket = connect(Number(port), hostname).on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Status, headers and problem document of an answer as it came. */
function read(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n', 2);
  return { status: Number(head.split(' ', 2)[1]), head: head.toLowerCase(), body };
}

function expectProblem(answer: string, status: number, code: string): void {
  const { head, body, ...rest } = read(answer);
  expect(rest.status).toBe(status);
  expect(head).toContain('content-type: application/problem+json; charset=utf-8');
  for (const name of [
    'content-security-policy',
    'x-content-type-options',
    'x-request-id',
    'connection: close',
  ])
    expect(head).toContain(`\r\n${name}`);
  expect(JSON.parse(body)).toEqual({
    type: `urn:postern:problem:${code}`,
    title: expect.any(String),
    status,
    detail: expect.any(String),
    code,
    request_id: expect.any(String),
  });
  expect(answer).not.toContain(SECRET);
  expect(answer).not.toMatch(/HPE_|node:|Parse Error/);
}

/** Says one byte after the other until the other side has enough. @returns what it said */
async function drip(begin: string, byte: string): Promise<string> {
  const socket = await open();
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const dripping = setInterval(() => socket.write(byte), 20);
  socket.write(begin);
  try {
    await within(BOUND_MS, closed);
  } finally {
    clearInterval(dripping);
    socket.destroy();
  }
  return answer;
}

const POST = (path: string) => `POST ${path} HTTP/1.1\r\nHost: x\r\n`;
const FORM = 'Content-Type: application/x-www-form-urlencoded\r\n';

describe('whoever is slow', () => {
  it('with his headers is given up, at once or byte by byte', async () => {
    expectProblem(await say(`GET /?x=${SECRET} HTTP/1.1\r\nHost: x\r\n`), 408, 'request_timeout');
    expectProblem(await drip(`GET / HTTP/1.1\r\nX-A: ${SECRET}`, 'a'), 408, 'request_timeout');
  });

  it('and says nothing at all is, too', async () => {
    await say('');
  });

  it.each(['/oauth2/token', '/api/v1/clients', '/inventory/v1/users'])(
    'with his body at %s is given up',
    async (path) => {
      const length = 'Content-Length: 1000\r\n';
      expectProblem(
        await say(`${POST(path)}${FORM}${length}\r\nclient_secret=${SECRET}`),
        408,
        'request_timeout',
      );
      const chunked = `${POST(path)}${FORM}Transfer-Encoding: chunked\r\n\r\n`;
      expectProblem(await drip(chunked, '1\r\na\r\n'), 408, 'request_timeout');
    },
  );

  it.each([
    ['a verb that there is not', 'PATCH /pam/v1/users', 'application/json', 405],
    ['an import that he may not make', 'PUT /inventory/v1/users', 'application/x-ndjson', 401],
  ])(
    'with a body that nobody waits for is given up when he has his answer: %s',
    async (_, target, type, status) => {
      const headers = `Host: x\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`;
      expect(read(await drip(`${target} HTTP/1.1\r\n${headers}`, '1\r\na\r\n')).status).toBe(status);
    },
  );

  it('keeps nobody else from being served', async () => {
    const slow = await Promise.all(Array.from({ length: CONNECTIONS / 2 }, open));
    for (const socket of slow) socket.write(`${POST('/oauth2/token')}${FORM}Content-Length: 9\r\n\r\n`);
    await isServed();
    expect(await env.token(env.adminCredentials.clientId, env.adminCredentials.clientSecret)).toMatch(
      /^pst_/,
    );
    await within(
      BOUND_MS,
      Promise.all(slow.map(async (socket) => socket.closed || (socket.resume(), once(socket, 'close')))),
    );
  });

  it('may be so with an import, as long as it goes on', async () => {
    const { clientId, clientSecret } = env.adminCredentials;
    const socket = await open();
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    socket.write(
      `PUT /inventory/v1/user-groups HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic ${basic}\r\n` +
        'Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    // An import that takes four times as long as another body may.
    for (let n = 0; n < 8; n += 1) {
      await pause(LATE_MS / 2);
      socket.write('1\r\n\n\r\n');
    }
    socket.write('0\r\n\r\n');
    await within(BOUND_MS, once(socket, 'close'));
    expect([read(answer).status, answer]).toEqual([200, expect.stringContaining('"created":0')]);
  });
});

describe('what is too large', () => {
  it.each([
    ['headers', `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${SECRET}${'a'.repeat(20_000)}\r\n\r\n`],
    ['many headers', `GET / HTTP/1.1\r\nHost: x\r\n${`X-A: ${SECRET}\r\n`.repeat(1000)}\r\n`],
    ['a path', `GET /${SECRET}${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['a query', `GET /oauth2/authorize?state=${SECRET}${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ])('%s is refused', async (_, bytes) => {
    expectProblem(await say(bytes), 431, 'headers_too_large');
  });

  it('a body is refused by its length, and without one when it has become too long', async () => {
    const body = { headers: { 'content-type': 'application/json' }, body: `"${'a'.repeat(1024 * 1024)}"` };
    expect((await env.admin.post('/api/v1/clients', body)).status).toBe(413);
    const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`;
    const bytes = `${POST('/api/v1/clients')}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
    expect(read(await say(bytes + chunk.repeat(17))).status).toBe(413);
    await isServed();
  });

  it('chunk extensions are refused', async () => {
    const bytes = `${POST('/oauth2/token')}${FORM}Transfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(20_000)}\r\n`;
    expect([400, 413]).toContain(read(await say(bytes)).status);
  });
});

describe('what a proxy may read otherwise than we do is refused (RFC 9112 §11.2)', () => {
  const body = `grant_type=client_credentials&client_secret=${SECRET}`;
  it.each([
    ['a length beside chunks', `Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${body}`],
    ['two lengths', `Content-Length: 5\r\nContent-Length: 6\r\n\r\n${body}`],
    ['a length that is no number', `Content-Length: +5\r\n\r\n${body}`],
    ['an unknown last coding', `Transfer-Encoding: chunked, x${SECRET}\r\n\r\n${body}`],
    ['chunks named twice', `Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n${body}`],
    ['a chunk size that is none', `Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n`],
    ['a space before the colon', `Content-Length : 5\r\n\r\n${body}`],
    ['a folded header', `X-A: a\r\n b${SECRET}\r\n\r\n`],
    ['a bare line feed', `X-A: a\nX-B: ${SECRET}\r\n\r\n`],
    ['a NUL', `X-A: a\0${SECRET}\r\n\r\n`],
  ])('%s', async (_, rest) => {
    const answer = await say(`${POST('/oauth2/token')}${FORM}${rest}`);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expectProblem(answer, 400, 'invalid_request');
  });

  it('no HTTP at all', async () => {
    expectProblem(await say(`\x16\x03\x01\x02\x00\x01${SECRET}\r\n\r\n`), 400, 'invalid_request');
    expect(read(await say('GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).status).toBe(400);
  });
});

it('what is echoed into a header splits no answer', async () => {
  const state = encodeURIComponent('a\r\nSet-Cookie: x=1\r\n\r\n<html>');
  const { clientId } = await env.registerClient({
    grant_types: ['authorization_code', 'client_credentials'],
    redirect_uris: ['https://app.example.com/callback'],
  });
  const query = `response_type=nonsense&client_id=${clientId}&state=${state}`;
  const { status, headers } = await env.anonymous.get(`/oauth2/authorize?${query}`);
  expect([status, headers.get('set-cookie')]).toEqual([303, null]);
  expect(headers.get('location')).toContain('state=a%0D%0ASet-Cookie');
});

it('there are so many connections at most, and when some have gone, others are served', async () => {
  const idle: Socket[] = [];
  for (let n = 0; n < CONNECTIONS; n += 1) idle.push(await open());
  const further = await open();
  further.resume();
  if (!further.closed) await within(BOUND_MS, once(further, 'close'));
  for (const socket of idle) socket.destroy();
  await until('others are served', async () => {
    const answer = await say('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n').catch(() => '');
    return answer.startsWith('HTTP/1.1 200');
  });
});
