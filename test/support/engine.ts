import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

/** Which engine a run of the suite is on; set by `npm test` and `npm run test:postgres`. */
export const engine: 'embedded' | 'postgres' =
  process.env.POSTERN_TEST_ENGINE === 'postgres' ? 'postgres' : 'embedded';

/** Of bcrypt: its usual one is for what somebody may steal, and would be a tenth of the suite's time. */
export const LEAST_HASH_COST = 4;

/** A database of one's own, as environment variables for a server. */
export interface TestDatabase {
  environment: Record<string, string>;
  dataDir: string;
  drop(): Promise<void>;
}

/**
 * What the global set-up leaves for the suites to copy: the name of a database at which a server has
 * started once; on the embedded engine a folder of the databases by their state.
 */
const TEMPLATE = 'POSTERN_TEST_TEMPLATE';

/** A server has started at it once; it has nothing in it; on the embedded engine, it is not there at all. */
export type DatabaseState = 'started' | 'empty' | 'absent';

interface DatabaseOptions {
  state?: DatabaseState;
  /** Where it is not to be the engine of this run. */
  on?: typeof engine;
}

export function setTemplate(name: string): void {
  process.env[TEMPLATE] = name;
}

export async function createDatabase({
  state = 'started',
  on = engine,
}: DatabaseOptions = {}): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'postern-'));
  const removeFolder = () => rm(dataDir, { recursive: true, force: true });
  if (on === 'embedded') {
    // A run on PostgreSQL has no folder to copy.
    if (on === engine && state !== 'absent')
      await copyFolder(join(process.env[TEMPLATE]!, state, 'postgres'), dataDir);
    return { dataDir, environment: { POSTERN_DATA_DIR: dataDir }, drop: removeFolder };
  }
  const name = `postern_${randomUUID().replaceAll('-', '')}`;
  await administer(
    `CREATE DATABASE ${name} TEMPLATE ${state === 'started' ? process.env[TEMPLATE] : 'template0'}`,
  );
  const url = new URL(process.env.TEST_DATABASE_URL!);
  url.pathname = `/${name}`;
  return {
    dataDir,
    environment: { POSTERN_DATA_DIR: dataDir, DATABASE_URL: url.toString() },
    drop: async () => {
      await administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await removeFolder();
    },
  };
}

/** By the system's own `cp`: a thousand small files, and four times as fast as Node.js copies them. */
export async function copyFolder(folder: string, into: string): Promise<void> {
  await promisify(execFile)('cp', ['-R', folder, into]);
}

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
