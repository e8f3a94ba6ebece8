import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import type { RunningServer } from '../../apps/server/server.js';
import { ApiClient } from '../support/api-client.js';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { Configuration, startServer } from '../support/postern.js';
import { ServerProcess } from '../support/server-process.js';

const PUBLIC_URL = 'https://postern.example';
const OLD = randomBytes(32).toString('base64');
const NEW = randomBytes(32).toString('base64');
const CLEAR = /^\{.*"d":"/;
const SEALED = /^seal1\.[A-Za-z0-9_-]{11}\.[A-Za-z0-9_-]+$/;

interface StoredKey {
  kid: string;
  private_key: string;
}

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(async () => {
  await ServerProcess.killAll();
  await database.drop();
});

const configuration = (masterKeys: string) =>
  Configuration.from({
    ...database.environment,
    PORT: '0',
    LOG_LEVEL: 'error',
    POSTERN_PUBLIC_URL: PUBLIC_URL,
    POSTERN_MASTER_KEY: masterKeys,
  });

/** Does something at a server with these master keys, and stops it. */
async function serving<Result>(
  masterKeys: string,
  work: (server: RunningServer) => Promise<Result>,
): Promise<Result> {
  const server = await startServer(configuration(masterKeys));
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

const adminAt = ({ url }: { url: string }) =>
  ApiClient.basic(url, 'test-admin', process.env.POSTERN_TEST_ADMIN_SECRET!);
const jwksAt = async ({ url }: { url: string }) => (await new ApiClient(url).get('/oauth2/jwks')).body;

async function tokenAt(server: { url: string }): Promise<string> {
  const admin = adminAt(server);
  const { body: client } = await admin.post('/api/v1/clients', {
    body: {
      name: `jwt ${randomBytes(4).toString('hex')}`,
      access_token_format: 'jwt',
      scopes: ['devices:read'],
    },
  });
  const { body } = await admin.post(`/api/v1/clients/${client.client_id}/tokens`, {
    body: { expires_in: 3600 },
  });
  return body.access_token;
}

async function storedAt({ database: db }: RunningServer): Promise<StoredKey[]> {
  return (await db.query<StoredKey>('SELECT kid, private_key FROM signing_keys ORDER BY kid')).rows;
}

/** Why a server does not start with these master keys. */
async function failedStart(masterKeys: string): Promise<string> {
  const error = await startServer(configuration(masterKeys)).then(
    async (server) => {
      await server.close();
      throw new Error('It started.');
    },
    (reason: Error) => reason,
  );
  return error.message;
}

describe('signing keys at rest', () => {
  it('lie in clear without a master key, and are the same after a restart', async () => {
    const [jwks, token] = await serving('', async (server) => {
      const made = await tokenAt(server);
      for (const { private_key } of await storedAt(server)) expect(private_key).toMatch(CLEAR);
      return [await jwksAt(server), made];
    });
    expect(jwks.keys).toHaveLength(2);
    await serving('', async (server) => {
      expect(await jwksAt(server)).toEqual(jwks);
      expect((await ApiClient.bearer(server.url, token).get('/pam/v1/devices')).status).toBe(200);
      expect(decodeProtectedHeader(await tokenAt(server)).kid).toBe(decodeProtectedHeader(token).kid);
    });
  });

  it('are sealed from the first moment under a master key', async () => {
    await serving(OLD, async (server) => {
      await tokenAt(server);
      const stored = await storedAt(server);
      expect(stored).toHaveLength(2);
      for (const { private_key } of stored) expect(private_key).toMatch(SEALED);
    });
  });

  it('are sealed once there is a master key, anew under a new one, and sign as before', async () => {
    const jwks = await serving('', jwksAt);
    const sealedUnder = (masterKeys: string) =>
      serving(masterKeys, async (server) => {
        expect(await jwksAt(server)).toEqual(jwks);
        const kids = jwks.keys.map(({ kid }: StoredKey) => kid);
        expect(kids).toContain(decodeProtectedHeader(await tokenAt(server)).kid);
        const stored = await storedAt(server);
        for (const { private_key } of stored) expect(private_key).toMatch(SEALED);
        const under = new Set(stored.map(({ private_key }) => private_key.split('.')[1]));
        expect(under.size).toBe(1);
        return { id: [...under][0], stored };
      });
    const first = await sealedUnder(OLD);
    expect(await sealedUnder(`${OLD},${NEW}`)).toEqual(first);
    const second = await sealedUnder(`${NEW},${OLD}`);
    expect(second.id).not.toBe(first.id);
    expect(await sealedUnder(NEW)).toEqual(second);
  });

  it('that no master key opens stop the start, which names them and shows nothing of them', async () => {
    const stored = await serving(OLD, async (server) => {
      await jwksAt(server);
      return storedAt(server);
    });
    for (const POSTERN_MASTER_KEY of [NEW, '']) {
      const output = await failedStart(POSTERN_MASTER_KEY);
      expect(output).toMatch(/^The signing key \S{43} does not open\. .*POSTERN_MASTER_KEY.*$/);
      for (const { private_key } of stored) expect(output).not.toContain(private_key.slice(20));
      for (const key of [OLD, NEW]) expect(output).not.toContain(key);
    }
    await serving(OLD, async (server) => expect(await storedAt(server)).toEqual(stored));
  });

  it.each([
    ['another row’s', OLD, 'SELECT private_key FROM signing_keys o WHERE o.kid <> k.kid'],
    ['another row’s, in clear', '', 'SELECT private_key FROM signing_keys o WHERE o.kid <> k.kid'],
    ['no key', '', `SELECT 'nonsense "d":"secret"'`],
  ])('that were changed into %s stop the start', async (_, POSTERN_MASTER_KEY, sql) => {
    await serving(POSTERN_MASTER_KEY, async (server) => {
      await jwksAt(server);
      await server.database.query(`UPDATE signing_keys k SET private_key = (${sql})`);
    });
    const output = await failedStart(POSTERN_MASTER_KEY);
    expect(output).toMatch(/The signing key \S{43} does not open\. /);
    expect(output).not.toContain('secret');
    expect(output).not.toContain('"d"');
  });
});

describe('a start', () => {
  const WARNING = /POSTERN_MASTER_KEY is not set/g;

  it('without a master key warns, once', async () => {
    const server = await ServerProcess.start({ ...database.environment, LOG_LEVEL: 'warn' });
    await tokenAt(server);
    expect(server.output.match(WARNING)).toHaveLength(1);
    expect(server.output).toMatch(/"level":40.*POSTERN_MASTER_KEY is not set/);
  });

  it('with one does not, and never shows a key', async () => {
    const server = await ServerProcess.start({
      ...database.environment,
      LOG_LEVEL: 'trace',
      POSTERN_MASTER_KEY: OLD,
    });
    const token = await tokenAt(server);
    await jwksAt(server);
    await server.kill('SIGTERM');
    expect(server.output).not.toMatch(WARNING);
    for (const secret of [OLD, '"d"', 'seal1.', token]) expect(server.output).not.toContain(secret);
  });
});

describeOnPostgres('two servers on one database', () => {
  it('make each key once, and know each other’s at once', async () => {
    const servers = await Promise.all([1, 2].map(() => ServerProcess.start(database.environment)));
    const sets = await Promise.all(Array.from({ length: 20 }, (_, index) => jwksAt(servers[index % 2]!)));
    for (const set of sets) expect(set).toEqual(sets[0]);
    expect(sets[0].keys).toHaveLength(2);
    const { body } = await adminAt(servers[0]!).get(
      '/api/v1/audit-events?type=signing_key.rotated&count=true',
    );
    expect(body.total).toBe(2);
    const token = await tokenAt(servers[0]!);
    expect((await ApiClient.bearer(servers[1]!.url, token).get('/pam/v1/devices')).status).toBe(200);
  });
});
