import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { FULL_SIZE, GeneratedInventory, type ResourceName } from '../../generator/inventory-generator.js';
import { measured, memoryResult } from '../memory.js';
import type { BenchRow, Result } from '../row.js';
import type { BenchClient, World } from '../world.js';

/** What sessions refer to, and what that refers to, in the order in which they can be imported. */
const REFERRED: ResourceName[] = ['user-groups', 'device-groups', 'users', 'devices', 'accounts'];

/** Sessions as NDJSON over HTTP, beside `COPY` of the same rows into a table with the same indexes and foreign keys. */
export const importing: BenchRow = {
  name: 'import',
  engines: ['postgres'],
  async run(world): Promise<Result[]> {
    const inventory = new GeneratedInventory(world.options.rows / FULL_SIZE.sessions);
    const writer = await world.client({ name: 'importer', scopes: ['inventory:write'] });
    for (const name of REFERRED) await importAll(world, writer, inventory, name);
    const client = new pg.Client({ connectionString: world.databaseUrl });
    await client.connect();
    await client.query('CHECKPOINT');
    const ours = await measured(world, () => importAll(world, writer, inventory, 'sessions'));
    const copied = await copySessions(client);
    await client.end();
    return [
      {
        work: `import of ${inventory.size('sessions')} sessions (NDJSON)`,
        figure: `${ours.seconds.toFixed(1)} s`,
        yardstick: `${copied.toFixed(1)} s COPY into the same indexed table`,
        ratio: copied / ours.seconds,
        goal: { atLeast: 0.5 },
      },
      memoryResult('the import', ours.megabytes),
    ];
  },
};

async function importAll(
  world: World,
  { authorization }: BenchClient,
  inventory: GeneratedInventory,
  name: ResourceName,
): Promise<void> {
  const response = await fetch(`${world.url}/inventory/v1/${name}`, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/x-ndjson' },
    body: Readable.toWeb(Readable.from(inventory.ndjson(name))) as ReadableStream,
    duplex: 'half',
  } as RequestInit);
  const report = (await response.json()) as { created: number };
  if (report.created !== inventory.size(name))
    throw new Error(`${name}: ${response.status} ${JSON.stringify(report).slice(0, 500)}`);
}

/** @returns seconds, of writing alone: the rows are in memory before */
async function copySessions(client: pg.Client): Promise<number> {
  await client.query('CREATE TABLE copied (LIKE sessions INCLUDING ALL)');
  const { rows: foreignKeys } = await client.query<{ definition: string }>(
    `SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = 'sessions'::regclass AND contype = 'f'`,
  );
  for (const { definition } of foreignKeys) await client.query(`ALTER TABLE copied ADD ${definition}`);
  const rows = await client.query(copyTo('COPY sessions TO STDOUT')).toArray();
  await client.query('CHECKPOINT');
  const started = performance.now();
  await pipeline(Readable.from(rows), client.query(copyFrom('COPY copied FROM STDIN')));
  return (performance.now() - started) / 1000;
}
