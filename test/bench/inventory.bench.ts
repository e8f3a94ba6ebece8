import { readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { GeneratedInventory, RESOURCE_NAMES, type ResourceName } from '../generator/inventory-generator.js';
import { startPostgres } from '../support/postgres-server.js';
import { ServerProcess } from '../support/server-process.js';

const ADMIN = { POSTERN_ADMIN_CLIENT_ID: 'bench', POSTERN_ADMIN_CLIENT_SECRET: 'a secret for loopback only' };
const AUTHORIZATION = `Basic ${Buffer.from(Object.values(ADMIN).join(':')).toString('base64')}`;

interface Measured {
  rows: number;
  seconds: number;
  /** The server's resident memory at its highest while this ran, over what it had before. */
  megabytes: number;
}

const { values: options } = parseArgs({ options: { scale: { type: 'string', default: '1' } } });
const inventory = new GeneratedInventory(Number(options.scale));
const postgres = await startPostgres();
const server = await ServerProcess.start({
  DATABASE_URL: postgres.url,
  POSTERN_DATA_DIR: process.env.TMPDIR ?? '/tmp',
  ...ADMIN,
});

try {
  const authorization = await bearer();
  print(
    '| resource | rows | import | rows/s | memory | export NDJSON | rows/s | export CSV | rows/s | memory |',
  );
  print('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const name of RESOURCE_NAMES) {
    const into = await measured(inventory.size(name), () => importAll(name));
    const ndjson = await measured(into.rows, () => exportAll(name, authorization, 'application/x-ndjson'));
    const csv = await measured(into.rows, () => exportAll(name, authorization, 'text/csv'));
    const highest = Math.max(ndjson.megabytes, csv.megabytes);
    print(
      `| ${name} | ${into.rows} | ${show(into)} | +${into.megabytes} MB | ${show(ndjson)} | ${show(csv)} | +${highest} MB |`,
    );
  }
  const copied = await copyInventory();
  print(
    `\nCOPY of the same sessions into an identical, indexed table: ${copied.into.toFixed(1)} s; out of it as JSON: ${copied.out.toFixed(1)} s.`,
  );
} finally {
  await server.kill('SIGTERM');
  await postgres.stop();
}

async function importAll(name: ResourceName): Promise<void> {
  const response = await fetch(`${server.url}/inventory/v1/${name}`, {
    method: 'PUT',
    headers: { authorization: AUTHORIZATION, 'content-type': 'application/x-ndjson' },
    body: Readable.toWeb(Readable.from(inventory.ndjson(name))) as ReadableStream,
    duplex: 'half',
  } as RequestInit);
  const report = (await response.json()) as { created: number; rejected: number };
  if (report.created !== inventory.size(name))
    throw new Error(`${name}: ${response.status} ${JSON.stringify(report).slice(0, 500)}`);
}

async function exportAll(name: ResourceName, authorization: string, accept: string): Promise<void> {
  const response = await fetch(`${server.url}/pam/v1/${name}`, {
    headers: { authorization, accept, 'accept-encoding': 'identity' },
  });
  if (response.status !== 200) throw new Error(`${name}: ${response.status} ${await response.text()}`);
  let lines = accept === 'text/csv' ? -1 : 0;
  for await (const chunk of response.body!)
    for (const byte of chunk as Uint8Array) if (byte === 0x0a) lines += 1;
  if (lines !== inventory.size(name)) throw new Error(`${name}: ${lines} lines came out as ${accept}.`);
}

/** A token for all that can be read. */
async function bearer(): Promise<string> {
  const client = await post(
    '/api/v1/clients',
    JSON.stringify({ name: 'bench' }),
    'application/json',
    AUTHORIZATION,
  );
  const basic = `Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')}`;
  const token = await post(
    '/oauth2/token',
    'grant_type=client_credentials',
    'application/x-www-form-urlencoded',
    basic,
  );
  return `Bearer ${token.access_token}`;
}

async function post(path: string, body: string, contentType: string, authorization: string) {
  const response = await fetch(server.url + path, {
    method: 'POST',
    body,
    headers: { 'content-type': contentType, authorization },
  });
  return (await response.json()) as Record<string, string>;
}

/** The yardstick: what PostgreSQL itself takes for the same rows. */
async function copyInventory(): Promise<{ into: number; out: number }> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query('CREATE TABLE copied (LIKE sessions INCLUDING ALL)');
  const foreignKeys = await client.query<{ definition: string }>(
    `SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = 'sessions'::regclass AND contype = 'f'`,
  );
  for (const { definition } of foreignKeys.rows) await client.query(`ALTER TABLE copied ADD ${definition}`);
  const rows = client.query(copyTo('COPY sessions TO STDOUT'));
  const other = new pg.Client({ connectionString: postgres.url });
  await other.connect();
  const buffered = await Readable.from(rows).toArray();
  const read = performance.now();
  await pipeline(Readable.from(buffered), other.query(copyFrom('COPY copied FROM STDIN')));
  const into = (performance.now() - read) / 1000;
  const outStarted = performance.now();
  const json = client.query(copyTo('COPY (SELECT row_to_json(s) FROM sessions s ORDER BY id) TO STDOUT'));
  await pipeline(json, new Writable({ write: (_chunk, _encoding, done) => done() }));
  const out = (performance.now() - outStarted) / 1000;
  await Promise.all([client.end(), other.end()]);
  return { into, out };
}

async function measured(rows: number, work: () => Promise<void>): Promise<Measured> {
  const before = residentMegabytes();
  let highest = before;
  const sampler = setInterval(() => (highest = Math.max(highest, residentMegabytes())), 100);
  const started = performance.now();
  try {
    await work();
  } finally {
    clearInterval(sampler);
  }
  return { rows, seconds: (performance.now() - started) / 1000, megabytes: highest - before };
}

function residentMegabytes(): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))!;
  return Math.round(Number(kilobytes) / 1024);
}

function show({ rows, seconds }: Measured): string {
  return `${seconds.toFixed(1)} s | ${Math.round(rows / seconds)}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
