import { rm } from 'node:fs/promises';
import pg from 'pg';
import { engine } from './engine.js';

export default async function globalTeardown(): Promise<void> {
  const { postgres, folder } = globalThis.posternTest;
  if (engine === 'postgres' && !postgres) {
    const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
    await client.connect();
    await client.query(`DROP DATABASE IF EXISTS ${process.env.POSTERN_TEST_TEMPLATE} WITH (FORCE)`);
    await client.end();
  }
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
}
