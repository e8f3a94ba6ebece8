import { randomUUID } from 'node:crypto';
import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { itOnPostgres } from '../support/engine-of-run.js';
import { ServerProcess } from '../support/server-process.js';
import { until } from '../support/waiting.js';
import { chainsOf } from './auditor.js';

const KILLS = Number(process.env.POSTERN_TEST_COPY_KILLS ?? 1);
/** Tokens that were given before each kill. */
const BEFORE_KILL = 60;

describe('a copy of every audit event', () => {
  let database: TestDatabase;
  let file: string;
  let environment: Record<string, string>;

  beforeAll(async () => {
    database = await createDatabase();
    file = join(database.dataDir, 'audit.ndjson');
    environment = { ...database.environment, POSTERN_AUDIT_COPY: file };
  });
  afterEach(() => ServerProcess.killAll());
  afterAll(() => database.drop());

  const adminAt = (url: string) => ApiClient.basic(url, 'test-admin', process.env.POSTERN_TEST_ADMIN_SECRET!);
  const parsed = (text: string) =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const copied = async (path = file) => parsed(await readFile(path, 'utf8'));
  const recorded = async (url: string) => {
    const headers = { accept: 'application/x-ndjson' };
    return parsed((await adminAt(url).get('/api/v1/audit-events', { headers })).text);
  };
  const lines = (events: any[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('');
  const ids = (events: any[]) => events.map(({ id }) => id).sort();

  it('is complete, in order, and has none twice, however often the server is killed under load', async () => {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const server = await ServerProcess.start(environment);
      let given = 0;
      const work = async () => {
        const body = new URLSearchParams({ grant_type: 'client_credentials' });
        for (;;) if ((await adminAt(server.url).post('/oauth2/token', { body })).status === 200) given += 1;
      };
      const working = Promise.allSettled(Array.from({ length: 8 }, work));
      const before = (await copied().catch(() => [])).length;
      await until('tokens were given, and copied', async () => {
        return (
          given > BEFORE_KILL && (await readFile(file, 'utf8')).split('\n').length > before + BEFORE_KILL / 2
        );
      });
      await server.kill('SIGKILL');
      await working;
    }
    // What a write leaves that was cut off in its midst.
    await appendFile(file, '{"id":"01a1feea-5b35-7391-8aed-c5efc8');
    const server = await ServerProcess.start(environment);
    const { body } = await adminAt(server.url).post('/api/v1/clients', { body: { name: 'the last one' } });
    // Whoever was killed may be the one that copies, for some seconds.
    await until('it was copied', async () => (await readFile(file, 'utf8')).includes(body.client_id));
    const events = await recorded(server.url);
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });

    const copy = await copied();
    expect(ids(copy)).toEqual(ids(events));
    const byId = new Map(events.map((event) => [event.id, event]));
    for (const event of copy) expect(event).toEqual(byId.get(event.id));
    for (const { writer } of chainsOf(copy).map(([first]) => first)) {
      const sequences = copy.filter((event) => event.writer === writer).map(({ sequence }) => sequence);
      expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    }
  }, 120_000);

  it('goes on in a new file where the old one was moved away', async () => {
    const server = await ServerProcess.start(environment);
    await rename(file, `${file}.1`);
    const { body } = await adminAt(server.url).post('/api/v1/clients', { body: { name: 'after the move' } });
    await until('it was copied', async () =>
      (await copied().catch(() => [])).some(({ client_id }) => client_id === body.client_id),
    );
    const events = await recorded(server.url);
    await server.kill('SIGTERM');
    expect(ids([...(await copied(`${file}.1`)), ...(await copied())])).toEqual(ids(events));
  });

  it('has what follows where the database was restored and knows of less than the copy', async () => {
    const before = await copied(`${file}.1`);
    const lost = chainsOf(before).map(([first]) => ({ ...first, id: randomUUID(), sequence: 1_000_000 }));
    await appendFile(file, lines(lost));
    const server = await ServerProcess.start(environment);
    await adminAt(server.url).post('/api/v1/clients', { body: { name: 'after the restore' } });
    const events = await recorded(server.url);
    await server.kill('SIGTERM');
    const copy = await copied();
    const isLost = new Set(ids(lost));
    await writeFile(file, lines(copy.filter(({ id }) => !isLost.has(id))));
    expect(ids([...(await copied(`${file}.1`)), ...(await copied())])).toEqual(ids(events));
  });

  itOnPostgres('is written by one instance, and by another when that one is gone', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => ServerProcess.start(environment)));
    for (const server of [one!, other!]) {
      await adminAt(server.url).post('/api/v1/clients', { body: { name: `by ${server.pid}` } });
      await until('it was copied', async () => {
        const events = await recorded(other!.url);
        return [...(await copied(`${file}.1`)), ...(await copied())].length === events.length;
      });
      if (server === one) await one!.kill('SIGTERM');
    }
    const events = await recorded(other!.url);
    await other!.kill('SIGTERM');
    expect(ids([...(await copied(`${file}.1`)), ...(await copied())])).toEqual(ids(events));
  });

  it('goes to the output where that is asked for', async () => {
    const server = await ServerProcess.start({ ...database.environment, POSTERN_AUDIT_COPY: 'stdout' });
    const events = await recorded(server.url);
    await server.kill('SIGTERM');
    const lines = server.output.split('\n').filter((line) => line.startsWith('{"id":'));
    expect(ids(lines.map((line) => JSON.parse(line)))).toEqual(ids(events));
  });

  it('stops a start where it cannot be written, by the name of the variable', async () => {
    const server = ServerProcess.spawn({ ...database.environment, POSTERN_AUDIT_COPY: database.dataDir });
    expect((await server.exited).code).not.toBe(0);
    expect(server.output).toContain('POSTERN_AUDIT_COPY takes stdout, or a file that can be written.');
  });
});
