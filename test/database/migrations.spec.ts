import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource, getMetadataArgsStorage } from 'typeorm';
import '../../apps/server/app.module.js';
import { dataSourceOptions, EmbeddedEngine, type DatabaseConnection } from '#database';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { ServerProcess } from '../support/server-process.js';

const ROOT = join(import.meta.dirname, '../../..');

/** What a schema is made of, apart from the order of columns that no one relies on. */
const SCHEMA = [
  `SELECT table_name, column_name, data_type, udt_name, datetime_precision, is_nullable, column_default
   FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`,
  `SELECT conrelid::regclass::text AS table, conname, pg_get_constraintdef(oid) FROM pg_constraint
   WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`,
  `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`,
  `SELECT tgrelid::regclass::text AS table, tgname, pg_get_triggerdef(oid) FROM pg_trigger
   WHERE NOT tgisinternal ORDER BY 1, 2`,
  `SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1`,
];

async function schemaOf(dataSource: DataSource): Promise<unknown[]> {
  const parts: unknown[] = [];
  for (const sql of SCHEMA) parts.push(await dataSource.query(sql));
  return parts;
}

describe('the migrations', () => {
  let database: TestDatabase;
  let engine: EmbeddedEngine | undefined;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createDatabase({ state: 'empty' });
    const url = database.environment.DATABASE_URL;
    engine = url ? undefined : await EmbeddedEngine.open(database.dataDir);
    const connection: DatabaseConnection = engine?.connection ?? { url, poolMax: 2 };
    const entities = getMetadataArgsStorage().tables.map(({ target }) => target as Function);
    dataSource = await new DataSource({ ...dataSourceOptions(connection), entities }).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await engine?.close();
    await database.drop();
  });

  it('go down and up again, each of them, to the same schema', async () => {
    const applied = await dataSource.runMigrations();
    expect(applied.length).toBeGreaterThan(0);
    const schema = await schemaOf(dataSource);
    const [empty] = SCHEMA;
    for (let down = 1; down <= applied.length; down += 1) {
      for (let step = 0; step < down; step += 1) await dataSource.undoLastMigration();
      if (down === applied.length) {
        const tables = new Set((await dataSource.query(empty!)).map(({ table_name }: any) => table_name));
        expect([...tables]).toEqual(['schema_migrations']);
      }
      expect(await dataSource.runMigrations()).toHaveLength(down);
      expect(await schemaOf(dataSource)).toEqual(schema);
    }
  });

  it('make the columns that the entities have, and no other', async () => {
    const columns: any[] = await dataSource.query(
      `SELECT table_name, column_name, data_type, udt_name, is_nullable,
         EXISTS (SELECT 1 FROM information_schema.key_column_usage k JOIN information_schema.table_constraints t
           USING (constraint_schema, constraint_name) WHERE t.constraint_type = 'PRIMARY KEY'
           AND k.table_name = c.table_name AND k.column_name = c.column_name) AS is_primary
       FROM information_schema.columns c WHERE table_schema = 'public'`,
    );
    const types: Record<string, string> = {
      _text: 'text[]',
      _int4: 'integer[]',
      int4: 'integer',
      bool: 'boolean',
      timestamptz: 'timestamp with time zone',
    };
    for (const { tableName, columns: mapped } of dataSource.entityMetadatas) {
      const inTable = columns
        .filter(
          ({ table_name, column_name }) =>
            table_name === tableName && !UNMAPPED.has(`${tableName}.${column_name}`),
        )
        .map(({ column_name, udt_name, is_nullable, is_primary }) => ({
          column: column_name,
          type: types[udt_name] ?? udt_name,
          nullable: is_nullable === 'YES',
          primary: is_primary,
        }));
      const inEntity = mapped.map(({ databaseName, type, isArray, isNullable, isPrimary }) => ({
        column: databaseName,
        type: `${dataSource.driver.normalizeType({ type })}${isArray ? '[]' : ''}`,
        nullable: isNullable,
        primary: isPrimary,
      }));
      expect({ tableName, columns: sorted(inTable) }).toEqual({ tableName, columns: sorted(inEntity) });
    }
    expect(dataSource.entityMetadatas.length).toBeGreaterThan(5);
  });
});

describe('a schema that is taken back to before keys and resources', () => {
  it('keeps no request that would be answered with less than it asked for, and no client that would be held to less', async () => {
    const database = await createDatabase();
    const url = database.environment.DATABASE_URL;
    const engine = url ? undefined : await EmbeddedEngine.open(database.dataDir);
    const connection: DatabaseConnection = engine?.connection ?? { url, poolMax: 2 };
    const dataSource = await new DataSource(dataSourceOptions(connection)).initialize();
    try {
      for (const [state, dpopJkt, resources] of [
        ['plain', null, null],
        ['for a key', 'x'.repeat(43), null],
        ['for others', null, ['https://reports.example.com']],
      ])
        await dataSource.query(
          `INSERT INTO authorization_requests (id, client, redirect_uri, redirect_uri_sent, scopes, state, code_challenge,
             prompt, created_at, expires_at, dpop_jkt, resources)
           SELECT gen_random_uuid(), id, 'https://x.example.com', true, '{}', $1, null, '{}', now(), now(), $2, $3
           FROM clients WHERE built_in LIMIT 1`,
          [state, dpopJkt, resources],
        );
      await dataSource.query('UPDATE clients SET require_par = true WHERE NOT built_in');
      const tables = () => dataSource.query(`SELECT FROM pg_tables WHERE tablename = 'used_jtis'`);
      while ((await tables()).length > 0) await dataSource.undoLastMigration();
      expect(await dataSource.query('SELECT state FROM authorization_requests')).toEqual([
        { state: 'plain' },
      ]);
      const clients = await dataSource.query(
        'SELECT DISTINCT built_in, active FROM clients ORDER BY built_in',
      );
      expect(clients).toEqual([
        { built_in: false, active: false },
        { built_in: true, active: true },
      ]);
    } finally {
      await dataSource.destroy();
      await engine?.close();
      await database.drop();
    }
  });
});

/** Columns that hand-written SQL alone reads: no row of an entity should carry them about. */
const UNMAPPED = new Set([
  'access_tokens.sealed',
  'clients.authorization_access_token_sealed',
  'clients.authorization_code_sealed',
  'access_tokens.token_hash',
  'authorization_codes.code_hash',
  'operator_sessions.token_hash',
  'refresh_tokens.token_hash',
]);

function sorted<Item extends { column: string }>(items: Item[]): Item[] {
  return [...items].sort((a, b) => (a.column < b.column ? -1 : 1));
}

describeOnPostgres('an empty PostgreSQL', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeEach(async () => {
    database = await createDatabase({ state: 'empty' });
    dataSource = await new DataSource(
      dataSourceOptions({ url: database.environment.DATABASE_URL, poolMax: 1 }),
    ).initialize();
  });
  afterEach(async () => {
    await dataSource.destroy();
    await ServerProcess.killAll();
    await database.drop();
  });

  it('is migrated and filled once by servers that start together', async () => {
    const servers = await Promise.all([1, 2, 3].map(() => ServerProcess.start(database.environment)));
    expect(servers.filter(({ output }) => output.includes('First start.'))).toHaveLength(1);
    const [counts] = await dataSource.query(
      `SELECT (SELECT count(*)::int FROM schema_migrations) AS migrations,
         (SELECT count(DISTINCT name)::int FROM schema_migrations) AS distinct_migrations,
         (SELECT count(*)::int FROM customers) AS customers, (SELECT count(*)::int FROM clients WHERE NOT built_in) AS clients,
         (SELECT count(*)::int FROM clients WHERE built_in) AS own,
         (SELECT count(*)::int FROM audit_events WHERE type = 'client.created') AS created`,
    );
    expect(counts.migrations).toBe(counts.distinct_migrations);
    expect(counts).toMatchObject({ customers: 1, clients: 2, own: 2, created: 2 });
    for (const server of servers) {
      expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
      expect(server.output).not.toContain('"level"');
    }
  });

  it('is what the command line of TypeORM works on', async () => {
    await dataSource.runMigrations();
    await dataSource.undoLastMigration();
    const typeorm = async (...parameters: string[]) => {
      const cli = [
        join(ROOT, 'node_modules/typeorm/cli.js'),
        ...parameters,
        '--dataSource',
        'dist/ormconfig.js',
      ];
      const env = { PATH: process.env.PATH, DATABASE_URL: database.environment.DATABASE_URL };
      return (await promisify(execFile)(process.execPath, cli, { cwd: ROOT, env })).stdout;
    };
    const marks = async () =>
      [...(await typeorm('migration:show')).matchAll(/\[([X ])\]/g)].map(([, mark]) => mark);
    const all = dataSource.migrations.map(() => 'X');
    expect(await marks()).toEqual([...all.slice(1), ' ']);
    await typeorm('migration:run');
    expect(await marks()).toEqual(all);
    expect(await typeorm('schema:log')).toBeTruthy();
  });
});
