import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type PostgresServer } from '../support/postgres-server.js';
import { ServerProcess } from '../support/server-process.js';
import type { BenchOptions } from './options.js';

const ADMIN = { POSTERN_ADMIN_CLIENT_ID: 'bench', POSTERN_ADMIN_CLIENT_SECRET: 'a secret for loopback only' };
/** What the administrative client comes with. */
export const ADMIN_AUTHORIZATION = basic(...(Object.values(ADMIN) as [string, string]));

/** An API application of the bench. */
export interface BenchClient {
  clientId: string;
  clientSecret: string;
  authorization: string;
}

/** A server in production mode on a database of its own, and how it is talked to. */
export class World {
  private constructor(
    readonly options: BenchOptions,
    private readonly folder: string,
    private readonly postgres: PostgresServer | undefined,
    private process_: ServerProcess,
    private readonly environment: Record<string, string>,
    private readonly nodeArguments: string[],
  ) {}

  /** A PostgreSQL that forces every commit to the disk, or the embedded engine. */
  static async make(
    options: BenchOptions,
    further: Record<string, string> = {},
    nodeArguments: string[] = [],
  ): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
    const postgres = options.engine === 'postgres' ? await startPostgres({ durable: true }) : undefined;
    const environment: Record<string, string> = {
      NODE_ENV: 'production',
      LOG_LEVEL: 'warn',
      POSTERN_DATA_DIR: folder,
      POSTERN_SAMPLE_DATA: 'true',
      ...(postgres ? { DATABASE_URL: postgres.url } : {}),
      ...ADMIN,
      ...further,
    };
    const server = await ServerProcess.start(environment, { nodeArguments });
    return new World(options, folder, postgres, server, environment, nodeArguments);
  }

  get server(): ServerProcess {
    return this.process_;
  }

  get url(): string {
    return this.process_.url;
  }

  /** @throws Error on the embedded engine, which has none */
  get databaseUrl(): string {
    if (!this.postgres) throw new Error('There is no PostgreSQL in this run.');
    return this.postgres.url;
  }

  /** Stops the server and starts it again on the same database. @returns milliseconds from start to ready */
  async restart(further: Record<string, string> = {}): Promise<number> {
    await this.process_.kill('SIGTERM');
    const started = performance.now();
    this.process_ = await ServerProcess.start(
      { ...this.environment, ...further },
      { nodeArguments: this.nodeArguments },
    );
    return performance.now() - started;
  }

  /** Registers an API application. */
  async client(settings: Record<string, unknown>): Promise<BenchClient> {
    const made = await this.json('POST', '/api/v1/clients', settings, 201);
    const [clientId, clientSecret] = [String(made.client_id), String(made.client_secret)];
    return { clientId, clientSecret, authorization: basic(clientId, clientSecret) };
  }

  /** An access token of a client. @param headers further ones */
  async token({ authorization }: BenchClient, headers: Record<string, string> = {}): Promise<string> {
    const response = await fetch(`${this.url}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      headers: { authorization, ...headers },
    });
    const { access_token: accessToken } = (await response.json()) as { access_token?: string };
    if (!accessToken) throw new Error(`The token endpoint answered ${response.status}.`);
    return accessToken;
  }

  /** One JSON request as the administrative client. @throws Error for any other status */
  async json(
    method: string,
    path: string,
    body: unknown,
    expected: number,
  ): Promise<Record<string, unknown>> {
    const response = await fetch(this.url + path, {
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', authorization: ADMIN_AUTHORIZATION },
    });
    const text = await response.text();
    if (response.status !== expected) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  }

  /** What the server process holds in memory now, in MB. */
  async residentMegabytes(): Promise<number> {
    const status = await readFile(`/proc/${this.process_.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) / 1024;
  }

  async close(): Promise<void> {
    await this.process_.kill('SIGTERM');
    await this.postgres?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export function basic(clientId: string, clientSecret: string): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}
