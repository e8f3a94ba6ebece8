import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { ApiClient } from '../support/api-client.js';
import { signedIn } from '../support/browser.js';
import { CodeFlow, tokensOf } from '../support/code-flow.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { useEveryFeature, type LeftBehind } from '../upgrades/every-feature.js';

const PROGRAM = join(import.meta.dirname, '../../apps/cli/main.js');

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function move(environment: Record<string, string>, ...parameters: string[]): Promise<Ended> {
  const env = { PATH: process.env.PATH, ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, 'move', ...parameters], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

describeOnPostgres('postern move', () => {
  const variables = { POSTERN_MASTER_KEY: randomBytes(32).toString('base64'), POSTERN_VAULT: 'true' };
  let target: TestDatabase;
  let env: TestEnvironment;
  let left: LeftBehind;
  let events: any[];
  let moved: Ended;

  const allEvents = async () => (await env.admin.get('/api/v1/audit-events?limit=1000&sort=at')).body.items;

  beforeAll(async () => {
    target = await createDatabase({ state: 'empty' });
    const { DATABASE_URL } = target.environment;
    env = await createTestEnvironment({ variables, sampleData: true });
    left = await useEveryFeature(env);
    events = await allEvents();
    const file = join(env.dataDir, 'target');
    await writeFile(file, `${DATABASE_URL}\n`);
    const source = { POSTERN_DATA_DIR: env.dataDir };
    const whileServed = await move({ ...source, POSTERN_MOVE_TO_FILE: file });
    expect(whileServed).toMatchObject({ code: 1, stderr: expect.stringContaining('stop it first') });
    env = await env.restart({ ...variables, DATABASE_URL: DATABASE_URL! }, async () => {
      moved = await move({ ...source, POSTERN_MOVE_TO_FILE: file }, '--json');
    });
  }, 180_000);
  afterAll(async () => {
    await env?.close();
    await target.drop();
  });

  it('says what it moved, and nothing of the URL', () => {
    expect(moved).toMatchObject({ code: 0, stderr: '' });
    const rows = Object.fromEntries(
      JSON.parse(moved.stdout).moved.map(({ table, rows: count }: any) => [table, count]),
    );
    expect(rows).toMatchObject({
      customers: 2,
      devices: expect.any(Number),
      audit_events: expect.any(Number),
    });
    expect(rows.audit_events).toBeGreaterThanOrEqual(events.length);
    expect(moved.stdout).not.toContain('postgres://');
  });

  it('takes clients, tokens and keys along as they were', async () => {
    const read = async (token: string) =>
      (await ApiClient.bearer(env.url, token).get('/pam/v1/devices/d1')).status;
    expect(await read(left.token)).toBe(200);
    expect(await read(left.jwt)).toBe(200);
    expect(await read(left.revokedToken)).toBe(401);
    expect(await read(await env.token(left.client.id, left.client.secret))).toBe(200);
    const { body } = await env.admin.get(
      `/api/v1/tokens?client_id=${left.client.id}&status=revoked&count=true`,
    );
    expect(body.total).toBe(2);
  });

  it('takes people and what they allowed along', async () => {
    const flow = Object.assign(Object.create(CodeFlow.prototype), left.flow, { env }) as CodeFlow;
    expect(tokensOf(await flow.refresh(left.refreshToken)).accessToken).toBeTruthy();
    await signedIn(env, left.person);
  });

  it('takes PAM data along', async () => {
    const { body } = await ApiClient.bearer(env.url, left.token).get('/pam/v1/devices?count=true');
    expect(body.total).toBe(
      JSON.parse(moved.stdout).moved.find(({ table }: any) => table === 'devices').rows,
    );
  });

  it('takes the audit log along, event by event, and it stays append-only', async () => {
    const now = await allEvents();
    expect(now.slice(0, events.length)).toEqual(events);
    await expect(env.database.query(`UPDATE audit_events SET type = 'other'`)).rejects.toThrow('append-only');
    const { rows } = await env.database.query<{ count: number }>(
      'SELECT count(*)::integer AS count FROM audit_events_default',
    );
    expect(rows[0]!.count).toBe(0);
  });

  it('goes to an empty database alone', async () => {
    const source = { DATABASE_URL: target.environment.DATABASE_URL!, POSTERN_DATA_DIR: env.dataDir };
    const again = await move({ ...source, POSTERN_MOVE_TO: source.DATABASE_URL });
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('The target is not empty') });

    const other = await createDatabase({ state: 'empty' });
    const client = new pg.Client(other.environment.DATABASE_URL);
    await client.connect();
    await client.query('CREATE TABLE of_somebody_else (id integer)');
    const refused = await move({ ...source, POSTERN_MOVE_TO: other.environment.DATABASE_URL! });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('of_somebody_else') });
    expect((await client.query(`SELECT 1 FROM pg_tables WHERE schemaname = 'public'`)).rowCount).toBe(1);
    await client.end();
    await other.drop();
    expect(await move(source)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('The target is named once'),
    });
    const shown = await move(source, '--to', 'postgres://postern:hunter2@127.0.0.1/postern');
    expect(shown).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('A password is never an argument'),
    });
    expect(shown.stderr).not.toContain('hunter2');
  });
});
