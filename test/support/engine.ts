import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** Which engine a run of the suite is on; set by `npm test` and `npm run test:postgres`. */
export const engine: 'embedded' | 'postgres' =
  process.env.POSTERN_TEST_ENGINE === 'postgres' ? 'postgres' : 'embedded';

/** A database of one's own, as environment variables for a server. */
export interface TestDatabase {
  environment: Record<string, string>;
  dataDir: string;
  drop(): Promise<void>;
}

/** What the global set-up leaves for the suites: a database at which a server has started once. */
const TEMPLATE = 'POSTERN_TEST_TEMPLATE';

export function setTemplate(name: string): void {
  process.env[TEMPLATE] = name;
}

/**
 * @param fresh an empty database, instead of a copy of the one that has seen its first start
 * @param on the engine, where it is not to be the one of this run
 */
export async function createDatabase({ fresh = false, on = engine } = {}): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'postern-'));
  const removeFolder = () => rm(dataDir, { recursive: true, force: true });
  if (on === 'embedded') {
    if (!fresh)
      await cp(join(process.env[TEMPLATE]!, 'postgres'), join(dataDir, 'postgres'), { recursive: true });
    return { dataDir, environment: { POSTERN_DATA_DIR: dataDir }, drop: removeFolder };
  }
  const name = `postern_${randomUUID().replaceAll('-', '')}`;
  await administer(`CREATE DATABASE ${name} TEMPLATE ${fresh ? 'template0' : process.env[TEMPLATE]}`);
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

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
