import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { ServerProcess } from '../support/server-process.js';
import { inParallel, until } from '../support/waiting.js';

const KILLS = 5;
/** For six starts, on a machine that has other things to do. */
const PATIENCE_MS = 180_000;
/** How much of each must have been answered before a kill. */
const BEFORE_KILL = { fetched: 40, handedOut: 15, revoked: 8, clients: 8 };

/** What the server has answered, so that it must be there ever after. */
interface Acknowledged {
  fetched: string[];
  handedOut: { id: string; token: string }[];
  revoked: { id: string; token: string }[];
  clients: string[];
}

const nothing = (): Acknowledged => ({ fetched: [], handedOut: [], revoked: [], clients: [] });

/** Everybody works until the server is gone. */
function load(url: string, credentials: { id: string; secret: string }, acknowledged: Acknowledged) {
  const admin = adminAt(url);
  const client = ApiClient.basic(url, credentials.id, credentials.secret);
  const tokens = `/api/v1/clients/${credentials.id}/tokens`;
  let clients = 0;

  const handOut = async () => {
    const { status, body } = await admin.post(tokens, { body: { expires_in: 3600 } });
    return status === 201 ? { id: body.id as string, token: body.access_token as string } : undefined;
  };
  const work: [workers: number, () => Promise<void>][] = [
    [
      4,
      async () => {
        const body = new URLSearchParams({ grant_type: 'client_credentials' });
        const response = await client.post('/oauth2/token', { body });
        if (response.status === 200) acknowledged.fetched.push(response.body.access_token);
      },
    ],
    [
      2,
      async () => {
        const handedOut = await handOut();
        if (handedOut) acknowledged.handedOut.push(handedOut);
      },
    ],
    [
      2,
      async () => {
        const handedOut = await handOut();
        if (!handedOut) return;
        const { status } = await admin.delete(`/api/v1/tokens/${handedOut.id}`);
        if (status === 204) acknowledged.revoked.push(handedOut);
      },
    ],
    [
      2,
      async () => {
        clients += 1;
        const name = `under load ${acknowledged.clients.length} ${clients} ${url}`;
        const { status, body } = await admin.post('/api/v1/clients', { body: { name } });
        if (status === 201) acknowledged.clients.push(body.client_id);
      },
    ],
  ];
  const untilGone = async (step: () => Promise<void>) => {
    try {
      for (;;) await step();
    } catch {
      // The server is gone.
    }
  };
  return Promise.all(
    work.flatMap(([workers, step]) => Array.from({ length: workers }, () => untilGone(step))),
  );
}

function adminAt(url: string): ApiClient {
  return ApiClient.basic(url, 'test-admin', process.env.POSTERN_TEST_ADMIN_SECRET!);
}

async function all(url: string, path: string): Promise<any[]> {
  const { status, text } = await adminAt(url).get(path, { headers: { accept: 'application/x-ndjson' } });
  expect(status).toBe(200);
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

async function events(url: string, type: string): Promise<any[]> {
  return all(url, `/api/v1/audit-events?type=${type}`);
}

describe('kill -9 under load', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterEach(() => ServerProcess.killAll());
  afterAll(() => database.drop());

  async function expectAccepted(url: string, { fetched, handedOut, revoked }: Acknowledged): Promise<void> {
    const read = async (token: string) =>
      (await ApiClient.bearer(url, token).get('/pam/v1/devices?limit=1')).status;
    await inParallel([...fetched, ...handedOut.map(({ token }) => token)], 8, async (token) => {
      expect(await read(token)).toBe(200);
    });
    await inParallel(revoked, 8, async ({ token }) => {
      expect(await read(token)).toBe(401);
    });
  }

  async function expectOnRecord(url: string, { handedOut, revoked, clients }: Acknowledged): Promise<void> {
    const listed = new Set((await all(url, '/api/v1/clients')).map(({ client_id }) => client_id));
    const created = new Set((await events(url, 'client.created')).map(({ client_id }) => client_id));
    for (const client of clients) {
      expect(listed).toContain(client);
      expect(created).toContain(client);
    }
    const rows = await all(url, '/api/v1/tokens');
    const issued = (await events(url, 'access_token.issued')).map(({ token_id }) => token_id);
    expect(new Set(issued)).toEqual(new Set(rows.map(({ id }) => id)));
    expect(issued).toHaveLength(rows.length);
    for (const { id } of handedOut) expect(issued).toContain(id);
    const revocations = (await events(url, 'access_token.revoked')).map(({ token_id }) => token_id);
    const revokedRows = rows.filter(({ status }) => status === 'revoked').map(({ id }) => id);
    expect(new Set(revocations)).toEqual(new Set(revokedRows));
    for (const { id } of revoked) expect(revocations).toContain(id);
  }

  it(
    `loses nothing that was answered, ${KILLS} times in a row`,
    async () => {
      const everything = nothing();
      let server = await ServerProcess.start(database.environment);
      const { body } = await adminAt(server.url).post('/api/v1/clients', { body: { name: 'load' } });
      const credentials = { id: body.client_id, secret: body.client_secret };

      for (let kill = 0; kill < KILLS; kill += 1) {
        const acknowledged = nothing();
        const working = load(server.url, credentials, acknowledged);
        await until('enough was answered', () =>
          Object.entries(BEFORE_KILL).every(
            ([kind, count]) => acknowledged[kind as keyof Acknowledged].length >= count,
          ),
        );
        await server.kill('SIGKILL');
        await working;
        server = await ServerProcess.start(database.environment);
        await expectAccepted(server.url, acknowledged);
        everything.fetched.push(...acknowledged.fetched);
        everything.handedOut.push(...acknowledged.handedOut);
        everything.revoked.push(...acknowledged.revoked);
        everything.clients.push(...acknowledged.clients);
        await expectOnRecord(server.url, everything);
      }
      await expectAccepted(server.url, everything);
      expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    },
    PATIENCE_MS,
  );
});
