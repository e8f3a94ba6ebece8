import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { ServerProcess } from '../support/server-process.js';
import { until, within } from '../support/waiting.js';

/** Fails on SIGUSR2 where nobody catches it, with what a failed statement's error has. */
const FAIL_ON_SIGNAL = `data:text/javascript,${encodeURIComponent(`
  process.on('SIGUSR2', () => {
    Promise.reject(Object.assign(new Error('nobody caught this'), { parameters: [['a', 'secret', 'parameter'].join('-')] }));
  });
`)}`;

/** What a running server has open, and some more. */
const MORE_FILES = 20;

describe('a process that runs out of luck', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    database = await createDatabase();
    server = await ServerProcess.start(database.environment, { nodeArguments: ['--import', FAIL_ON_SIGNAL] });
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });
  afterAll(async () => {
    await ServerProcess.killAll();
    await database.drop();
  });

  const admin = () => ApiClient.basic(server.url, 'test-admin', process.env.POSTERN_TEST_ADMIN_SECRET!);

  it('has no file left for another connection: it turns that away, and serves again once there is one', async () => {
    expect((await admin().get('/api/v1/clients')).status).toBe(200);
    const open = Number(execFileSync('sh', ['-c', `ls /proc/${server.pid}/fd | wc -l`]).toString());
    execFileSync('prlimit', ['--pid', String(server.pid), `--nofile=${open + MORE_FILES}`]);
    const { port } = new URL(server.url);
    let turnedAway = 0;
    for (let count = 0; count < 4 * MORE_FILES; count += 1) {
      const socket = connect(Number(port), '127.0.0.1');
      sockets.push(socket);
      socket.on('error', () => {});
      socket.on('close', () => (turnedAway += 1));
      await once(socket, 'connect');
    }
    await until('some are turned away', () => turnedAway > MORE_FILES);
    for (const socket of sockets.splice(0)) socket.destroy();
    const isServed = async () => {
      const answer = await admin()
        .get('/api/v1/clients')
        .catch(() => undefined);
      return answer?.status === 200;
    };
    await until('it serves again', isServed);
  });

  it('meets an error that nobody catches: it ends with 1 and says by which, and nothing that hangs on it', async () => {
    server.signal('SIGUSR2');
    expect(await within(15_000, server.exited)).toEqual({ code: 1, signal: null });
    expect(server.output).toContain(
      'Postern ends, by an error that nobody caught: Error: nobody caught this',
    );
    expect(server.output).not.toContain('a-secret-parameter');
  });
});
