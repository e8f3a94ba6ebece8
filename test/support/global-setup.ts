import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startServer } from '../../apps/server/server.js';
import { Configuration } from '#configuration';
import { EmbeddedEngine } from '#database';
import { CLIENT_SECRET, generateSecret } from '#oauth-protocol';
import { copyFolder, engine, LEAST_HASH_COST, setTemplate } from './engine.js';
import { startPostgres, type PostgresServer } from './postgres-server.js';

declare global {
  // Jest hands nothing else from the set-up to the tear-down.
  var posternTest: { postgres?: PostgresServer; folder: string };
}

/** Starts the engine, and a server on it once: the suites copy the database that this leaves. */
export default async function globalSetup(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-template-'));
  globalThis.posternTest = { folder };
  process.env.POSTERN_TEST_ADMIN_SECRET = generateSecret(CLIENT_SECRET);
  process.env.POSTERN_TEST_OWNER_PASSWORD = randomBytes(18).toString('base64url');
  if (engine === 'embedded') {
    await makeEmbeddedTemplates(join(folder, 'empty'), join(folder, 'started'));
    setTemplate(folder);
    return;
  }
  if (!process.env.TEST_DATABASE_URL) {
    globalThis.posternTest.postgres = await startPostgres();
    process.env.TEST_DATABASE_URL = globalThis.posternTest.postgres.url;
  }
  const template = `postern_template_${process.pid}`;
  const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await client.connect();
  await client.query(`CREATE DATABASE ${template} TEMPLATE template0`);
  await client.end();
  const url = new URL(process.env.TEST_DATABASE_URL);
  url.pathname = `/${template}`;
  await firstStart({ POSTERN_DATA_DIR: folder, DATABASE_URL: url.toString() });
  setTemplate(template);
}

async function makeEmbeddedTemplates(empty: string, started: string): Promise<void> {
  await (await EmbeddedEngine.open(empty)).close();
  await mkdir(started);
  await copyFolder(join(empty, 'postgres'), started);
  await firstStart({ POSTERN_DATA_DIR: started });
}

async function firstStart(environment: Record<string, string>): Promise<void> {
  const configuration = Configuration.from({
    ...environment,
    PORT: '0',
    LOG_LEVEL: 'error',
    POSTERN_SAMPLE_DATA: 'false',
    POSTERN_ADMIN_CLIENT_ID: 'test-admin',
    POSTERN_ADMIN_CLIENT_SECRET: process.env.POSTERN_TEST_ADMIN_SECRET,
    POSTERN_OWNER_PASSWORD: process.env.POSTERN_TEST_OWNER_PASSWORD,
  });
  const server = await startServer(configuration, {
    output: { write: () => true } as unknown as NodeJS.WriteStream,
    slowHashCost: LEAST_HASH_COST,
  });
  await server.close();
}
