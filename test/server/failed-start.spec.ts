import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { ServerProcess } from '../support/server-process.js';
import { within } from '../support/waiting.js';

const FAILED = { code: 1, signal: null };

async function failedStart(environment: Record<string, string>): Promise<string> {
  const server = ServerProcess.spawn(environment);
  expect(await within(20_000, server.exited)).toEqual(FAILED);
  return server.output;
}

describe('a start with a bad configuration', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(async () => {
    await ServerProcess.killAll();
    await database.drop();
  });

  it('stops with each variable and what it takes, and never the value', async () => {
    const output = await failedStart({
      ...database.environment,
      PORT: 'hunter2',
      DATABASE_URL: 'mysql://root:hunter2@db.example/postern',
      POSTERN_ADMIN_CLIENT_SECRET: 'hunter2',
    });
    expect(output).toBe(
      [
        'Postern does not start with this configuration:',
        '  PORT takes a port from 0 to 65535.',
        '  DATABASE_URL takes a postgres:// or postgresql:// URL.',
        '  POSTERN_ADMIN_CLIENT_SECRET takes 16 to 256 printable ASCII characters.\n',
      ].join('\n'),
    );
  });

  it('takes a bad value from a file for as bad', async () => {
    const file = join(database.dataDir, 'level');
    await writeFile(file, 'hunter2\n');
    const output = await failedStart({ ...database.environment, LOG_LEVEL: '', LOG_LEVEL_FILE: file });
    expect(output).toContain('  LOG_LEVEL takes one of fatal, error,');
    expect(output).not.toContain('hunter2');
  });

  it('names a file that is not there', async () => {
    const output = await failedStart({ ...database.environment, HOST_FILE: '/nowhere/hunter2' });
    expect(output).toContain('  HOST_FILE takes a file that can be read.\n');
    expect(output).not.toContain('hunter2');
  });

  it('says where it cannot listen, and ends', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    try {
      expect(await failedStart({ ...database.environment, PORT: String(port) })).toContain(
        `Postern cannot listen on HOST 127.0.0.1, PORT ${port}: another process listens there.\n`,
      );
    } finally {
      taken.close();
    }
    expect(await failedStart({ ...database.environment, HOST: '192.0.2.1' })).toMatch(
      /^Postern cannot listen on HOST 192\.0\.2\.1, PORT 0: .*EADDRNOTAVAIL.*\n$/m,
    );
  });
});

describe('a variable from a file', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(async () => {
    await ServerProcess.killAll();
    await database.drop();
  });

  it('serves as the variable itself', async () => {
    const file = async (name: string, value: string) => {
      const path = join(database.dataDir, name);
      await writeFile(path, `${value}\n`, { mode: 0o600 });
      return path;
    };
    const { DATABASE_URL, ...environment } = database.environment;
    const server = await ServerProcess.start({
      ...environment,
      ...(DATABASE_URL ? { DATABASE_URL_FILE: await file('url', DATABASE_URL) } : {}),
      POSTERN_ACCESS_TOKEN_TTL_FILE: await file('ttl', '77'),
    });
    const admin = ApiClient.basic(server.url, 'test-admin', process.env.POSTERN_TEST_ADMIN_SECRET!);
    const { body } = await admin.post('/api/v1/clients', { body: { name: 'of the default' } });
    expect(body.access_token_ttl).toBe(77);
  });
});
