import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askOnce, startPostgres, type PostgresServer } from '../support/postgres-server.js';
import { ServerProcess } from '../support/server-process.js';
import { soakOptions, type SoakOptions } from './options.js';
import { flatness, type Finding } from './verdict.js';
import { NODE_ARGUMENTS, sample, type Sample } from './watch.js';
import { Workload } from './workload.js';

const RESULTS = 'soak-results.json';
const POOL_MAX = 5;
/** The one that listens for changes, and the one that greets it for a moment. */
const BESIDE_THE_POOL = 2;
const SAMPLES = 60;
const FAULTS = 5;

const ADMIN = { id: 'soak-admin', secret: 'a secret for loopback only', password: 'a password for loopback' };

/** `npm run soak -- --minutes 60`: whether servers that work for long hold no more at the end. */
async function soak(options: SoakOptions): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-soak-'));
  const postgres = await startPostgres({ durable: true });
  try {
    const servers = await startServers(options, postgres, folder);
    const workload = await Workload.at(
      servers.map(({ url }) => url),
      ADMIN,
    );
    const lengthMs = options.minutes * 60_000;
    const begunAt = Date.now();
    const working = workload.run(options.rate, begunAt + lengthMs);
    const samples: Sample[] = [];
    const sessions: number[] = [];
    for (let turn = 1; turn <= SAMPLES; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, begunAt + (lengthMs * turn) / SAMPLES - Date.now()));
      const at = Math.round((Date.now() - begunAt) / 1000);
      for (const [instance, server] of servers.entries()) samples.push(await sample(server, instance, at));
      sessions.push(await sessionsOf(postgres));
      if (options.faults && turn % (SAMPLES / FAULTS) === SAMPLES / FAULTS / 2) {
        workload.faultBegins();
        await endAllSessions(postgres);
      }
    }
    await working;
    const findings = [
      ...servers.flatMap((_, instance) => flatness(samples, instance)),
      sessionsFinding(sessions, options),
      unexpectedFinding(workload),
      ...(await Promise.all(servers.map(endFinding))),
    ];
    report(options, workload, samples, findings);
    const { answers, unexpected, leftOut } = workload;
    const results = {
      at: new Date(begunAt),
      options,
      findings,
      answers,
      unexpected,
      leftOut,
      sessions,
      samples,
    };
    await writeFile(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`);
    return findings.every(({ holds }) => holds);
  } finally {
    await ServerProcess.killAll();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startServers(
  { instances }: SoakOptions,
  postgres: PostgresServer,
  folder: string,
): Promise<ServerProcess[]> {
  const environment = {
    NODE_ENV: 'production',
    DATABASE_URL: postgres.url,
    DATABASE_POOL_MAX: String(POOL_MAX),
    POSTERN_DATA_DIR: folder,
    POSTERN_ADMIN_CLIENT_ID: ADMIN.id,
    POSTERN_ADMIN_CLIENT_SECRET: ADMIN.secret,
    POSTERN_OWNER_PASSWORD: ADMIN.password,
    POSTERN_MASTER_KEY: randomBytes(32).toString('base64'),
    // Full before the measuring begins: what fills it is no leak.
    POSTERN_TOKEN_CACHE_SIZE: '500',
    // All refusals come from one address.
    POSTERN_RATE_LIMIT_FAILURES: '100000',
  };
  const servers: ServerProcess[] = [];
  for (let instance = 0; instance < instances; instance += 1)
    servers.push(await ServerProcess.start(environment, { nodeArguments: NODE_ARGUMENTS }));
  return servers;
}

async function sessionsOf(postgres: PostgresServer): Promise<number> {
  const [row] = await askOnce<{ count: number }>(
    postgres.url,
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name LIKE 'postern%'`,
  );
  return row!.count;
}

async function endAllSessions(postgres: PostgresServer): Promise<void> {
  await askOnce(
    postgres.url,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'postern%'`,
  );
}

function sessionsFinding(sessions: number[], { instances }: SoakOptions): Finding {
  const bound = instances * (POOL_MAX + BESIDE_THE_POOL);
  const most = Math.max(...sessions);
  return { what: 'database sessions at most', figure: `${most}`, bound: `≤ ${bound}`, holds: most <= bound };
}

function unexpectedFinding({ unexpected, leftOut }: Workload): Finding {
  return {
    what: 'unexpected answers, and calls left out',
    figure: `${unexpected.length}, ${leftOut}`,
    bound: '0, 0',
    holds: unexpected.length === 0 && leftOut === 0,
  };
}

async function endFinding(server: ServerProcess, instance: number): Promise<Finding> {
  const { code, signal } = await server.kill('SIGTERM');
  return {
    what: `end of instance ${instance} by SIGTERM`,
    figure: String(signal ?? code),
    bound: '0',
    holds: code === 0,
  };
}

function report(
  options: SoakOptions,
  { answers, unexpected, latencies }: Workload,
  samples: Sample[],
  findings: Finding[],
): void {
  const sorted = latencies.toSorted((a, b) => a - b);
  const percentile = (part: number) => sorted[Math.floor(sorted.length * part)]!.toFixed(1);
  const delay = Math.max(...samples.map(({ delayP99 }) => delayP99)).toFixed(0);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  print(
    `${options.minutes} minutes, ${options.instances} instances, ${latencies.length} calls, ` +
      `p50 ${percentile(0.5)} ms, p99 ${percentile(0.99)} ms, event loop p99 at most ${delay} ms`,
  );
  print(
    Object.entries(answers)
      .toSorted()
      .map(([kind, count]) => `${kind}: ${count}`)
      .join(', '),
  );
  for (const line of unexpected.slice(0, 20)) print(`unexpected: ${line}`);
  for (const { what, figure, bound, holds } of findings)
    print(`${holds ? 'holds' : 'FAILS'}  ${what}: ${figure} (${bound})`);
}

process.exitCode = (await soak(soakOptions(process.argv.slice(2)))) ? 0 : 1;
