import { connect, type AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { problemOf } from './problem-of.js';

/** What reading a body throws when its sender goes away in the middle of it. */
async function errorOfBrokenBody(): Promise<unknown> {
  const server = createServer();
  const failure = new Promise<unknown>((resolve) =>
    server.on('request', (request) => {
      request.on('error', resolve).resume();
      socket.destroy();
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc');
  try {
    return await failure;
  } finally {
    server.close();
  }
}

describe('what was thrown', () => {
  it('by a request that broke off is its sender’s doing, and no sign that the database is down', async () => {
    expect(problemOf(await errorOfBrokenBody())).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('by a lost connection to the database is 503', () => {
    const error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
    expect(problemOf(error)).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  });

  it('by a library as 403 has the code for it', () => {
    const error = Object.assign(new Error('Forbidden'), { statusCode: 403 });
    expect(problemOf(error)).toMatchObject({ status: 403, code: 'forbidden' });
  });
});
