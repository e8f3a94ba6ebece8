import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { migrate, migrationStatus } from '#database';
import { ApiClient } from '../support/api-client.js';
import { startPostgres } from '../support/postgres-server.js';

/**
 * An upgrade under load, by hand: an instance of an earlier commit, built from this repository, works on
 * PostgreSQL while the migrations of this version are applied below it.
 *
 *     npm run upgrades:trial -- 3fb9102
 */
const [commit] = process.argv.slice(2);
if (!commit) throw new Error('Name the commit of the earlier version.');
const ROOT = join(import.meta.dirname, '../../..');
const WORKERS = 8;
const BEFORE_MS = 4_000;
const AFTER_MS = 6_000;
const run = promisify(execFile);

const folder = await mkdtemp(join(tmpdir(), 'postern-trial-'));
const earlier = join(folder, 'earlier');
const postgres = await startPostgres({ durable: true });
try {
  await run('git', ['worktree', 'add', '--detach', earlier, commit], { cwd: ROOT });
  await run('ln', ['-s', join(ROOT, 'node_modules'), join(earlier, 'node_modules')]);
  await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc')], { cwd: earlier });
  const connection = { url: postgres.url, poolMax: 1 };
  const old = await serve(join(earlier, 'dist/apps/server/main.js'));
  const at = (await migrationStatus(connection)).filter(({ state }) => state === 'applied').at(-1);
  const load = startLoad(old.url);
  await pause(BEFORE_MS);
  const started = performance.now();
  const applied = await migrate(connection);
  const tookMs = Math.round(performance.now() - started);
  await pause(AFTER_MS);
  const beside = await serve(join(ROOT, 'dist/apps/server/main.js'));
  const figures = await load.stop();
  const told = await sameOn(beside.url, figures.tokens, figures.revoked);
  report({
    from: at?.number,
    applied: applied.map(({ number }) => number),
    tookMs,
    ...figures.counts,
    ...told,
  });
  await Promise.all([old.end(), beside.end()]);
  if (figures.counts.errors > 0 || told.wrong > 0) process.exitCode = 1;
} finally {
  await run('git', ['worktree', 'remove', '--force', earlier], { cwd: ROOT }).catch(() => {});
  await rm(folder, { recursive: true, force: true });
  await postgres.stop();
}

async function serve(program: string): Promise<{ url: string; end(): Promise<void> }> {
  if (!existsSync(program)) throw new Error(`${program} was not built.`);
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      LOG_LEVEL: 'error',
      DATABASE_URL: postgres.url,
      POSTERN_DATA_DIR: folder,
      POSTERN_ADMIN_CLIENT_ID: 'trial',
      POSTERN_ADMIN_CLIENT_SECRET: 'the secret of the trial',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const [, ready] = /is ready on (\S+)/.exec(text) ?? [];
      if (ready) resolve(ready);
    });
    child.once('exit', () => reject(new Error(`${program} ended:\n${text}`)));
  });
  const end = async () => {
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await exited;
  };
  return { url, end };
}

/** Tokens, reads, introspections, revocations and the audit log, until somebody stops it. */
function startLoad(url: string) {
  const admin = ApiClient.basic(url, 'trial', 'the secret of the trial');
  const tokens: string[] = [];
  const revoked: string[] = [];
  const counts = { requests: 0, errors: 0, slowestMs: 0 };
  const stopping = new AbortController();
  const ask = async (expected: number, request: () => ReturnType<ApiClient['get']>) => {
    const started = performance.now();
    const { status, body, text } = await request();
    counts.requests += 1;
    counts.slowestMs = Math.max(counts.slowestMs, Math.round(performance.now() - started));
    if (status !== expected) {
      counts.errors += 1;
      report(`Answered ${status}, not ${expected}: ${text.slice(0, 300)}`);
    }
    return body;
  };
  const form = (fields: Record<string, string>) => ({ body: new URLSearchParams(fields) });
  const work = async () => {
    const made = await ask(201, () =>
      admin.post('/api/v1/clients', { body: { name: crypto.randomUUID(), scopes: ['devices:read'] } }),
    );
    const client = ApiClient.basic(url, made.client_id, made.client_secret);
    while (!stopping.signal.aborted) {
      const token = async () =>
        (await ask(200, () => client.post('/oauth2/token', form({ grant_type: 'client_credentials' }))))
          ?.access_token;
      const [kept, doomed] = [await token(), await token()];
      await ask(200, () => ApiClient.bearer(url, kept).get('/pam/v1/devices'));
      await ask(200, () => admin.post('/oauth2/introspect', form({ token: kept })));
      await ask(200, () => client.post('/oauth2/revoke', form({ token: doomed })));
      await ask(401, () => ApiClient.bearer(url, doomed).get('/pam/v1/devices'));
      await ask(200, () => admin.get('/api/v1/audit-events?type=access_token.issued&sort=-at&limit=5'));
      tokens.push(kept);
      revoked.push(doomed);
    }
  };
  const working = Promise.all(Array.from({ length: WORKERS }, work));
  return {
    stop: async () => {
      stopping.abort();
      await working;
      return { tokens, revoked, counts };
    },
  };
}

/** Whether the new instance knows what the earlier one gave and took. */
async function sameOn(url: string, tokens: string[], revoked: string[]) {
  let wrong = 0;
  const check = async (token: string, expected: number) => {
    const { status } = await ApiClient.bearer(url, token).get('/pam/v1/devices');
    if (status !== expected) wrong += 1;
  };
  for (const token of tokens) await check(token, 200);
  for (const token of revoked) await check(token, 401);
  const admin = ApiClient.basic(url, 'trial', 'the secret of the trial');
  const { body } = await admin.get('/api/v1/audit-events?type=access_token.revoked&limit=1&count=true');
  if (body.total !== revoked.length) wrong += 1;
  return { tokens: tokens.length, revoked: revoked.length, revocationsOnRecord: body.total, wrong };
}

function report(what: object | string): void {
  process.stdout.write(`${typeof what === 'string' ? what : JSON.stringify(what)}\n`);
}
