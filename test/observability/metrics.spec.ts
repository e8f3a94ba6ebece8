import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ApiClient } from '../support/api-client.js';
import {
  createTestEnvironment,
  type RegisteredClient,
  type TestEnvironment,
} from '../support/create-test-environment.js';
import { eventually } from '../support/eventually.js';
import { Scrape } from './exposition.js';

let postern: TestEnvironment;
let client: RegisteredClient;

beforeAll(async () => {
  postern = await createTestEnvironment({ pruneEveryMs: 250 });
  client = await postern.registerClient({ name: 'a-name-that-is-nowhere' });
});
afterAll(() => postern?.close());

async function scrape(): Promise<Scrape> {
  return new Scrape((await postern.admin.get('/metrics')).text);
}

/** By how much a figure grows while something is done. */
async function growth(
  name: string,
  labels: Record<string, string>,
  work: () => Promise<unknown>,
): Promise<number> {
  const before = (await scrape()).value(name, labels);
  await work();
  return (await scrape()).value(name, labels) - before;
}

const form = (fields: Record<string, string>) => ({ body: new URLSearchParams(fields) });

describe('GET /metrics', () => {
  it('is for who has metrics:read alone', async () => {
    expect((await postern.anonymous.get('/metrics')).status).toBe(401);
    const refused = await client.api.get('/metrics');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toContain('scope="metrics:read"');
    const prometheus = await postern.registerClient({ scopes: ['metrics:read'] });
    expect((await prometheus.api.get('/metrics')).status).toBe(200);
  });

  it('answers in the format that Accept prefers, and is not kept', async () => {
    const text = await postern.admin.get('/metrics');
    expect(text.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text.headers.get('cache-control')).toBe('no-store');
    expect(text.headers.get('vary')).toContain('accept');
    const accept =
      'application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
    const open = await postern.admin.get('/metrics', { headers: { accept } });
    expect(open.headers.get('content-type')).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    );
    expect(open.text).toMatch(/^# TYPE postern_tokens_issued counter$/m);
    expect(open.text).toMatch(/^postern_tokens_issued_total\{/m);
    expect(open.text).toMatch(/# EOF\n$/);
    // The one has not renamed anything in the other.
    expect((await scrape()).types.get('postern_tokens_issued_total')).toBe('counter');
    expect((await postern.admin.get('/metrics', { headers: { accept: 'image/png' } })).status).toBe(406);
    const post = await postern.admin.post('/metrics');
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('names no client, person, customer or path of a caller’s', async () => {
    await client.api.get('/pam/v1/devices/a-device-that-is-nowhere?search=a-word-that-is-nowhere');
    await postern.anonymous.get('/a-path/that-is-nowhere');
    await postern.anonymous.request('PROPFIND', '/healthz');
    await postern.anonymous.request('MKCOL', '/healthz');
    await postern.anonymous.post('/oauth2/token', form({ grant_type: 'a-grant-that-is-nowhere' }));
    const { text, samples } = await scrape();
    expect(text).not.toContain('that-is-nowhere');
    // A sample that comes twice is one that Prometheus refuses.
    const series = samples.map(({ name, labels }) => JSON.stringify([name, labels]));
    expect(series.filter((one, index) => series.indexOf(one) !== index)).toEqual([]);
    const unspoken = [
      client.clientId,
      client.clientSecret,
      postern.adminCredentials.clientId,
      postern.customerId,
    ];
    for (const one of unspoken) expect(text).not.toContain(`"${one}"`);
    expect(text).not.toContain(client.clientSecret);
  });
});

describe('requests', () => {
  const DURATION = 'postern_http_request_duration_seconds';

  it('are counted by the pattern of their route, and those without one together', async () => {
    const labels = { route: '/pam/v1/devices/:id', method: 'GET', status: '4xx' };
    const count = await growth(`${DURATION}_count`, labels, async () => {
      await client.api.get('/pam/v1/devices/one');
      await client.api.get('/pam/v1/devices/two');
    });
    expect(count).toBe(2);
    const unmatched = await growth(`${DURATION}_count`, { route: 'unmatched' }, async () => {
      await postern.anonymous.get('/one');
      await postern.anonymous.get('/two/three');
    });
    expect(unmatched).toBe(2);
  });

  it('have durations: each bucket holds those before it', async () => {
    await postern.anonymous.get('/healthz');
    const { samples } = await scrape();
    const of = samples.filter(({ labels }) => labels.route === '/healthz' && labels.status === '2xx');
    const buckets = of.filter(({ name }) => name === `${DURATION}_bucket`);
    expect(buckets.map(({ labels }) => Number(labels.le!.replace('+Inf', 'Infinity')))).toEqual([
      0.001,
      0.0025,
      0.005,
      0.01,
      0.025,
      0.05,
      0.1,
      0.25,
      0.5,
      1,
      2.5,
      5,
      10,
      Infinity,
    ]);
    const values = buckets.map(({ value }) => value);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(of.find(({ name }) => name === `${DURATION}_count`)!.value).toBe(values.at(-1));
    expect(of.find(({ name }) => name === `${DURATION}_sum`)!.value).toBeGreaterThan(0);
  });

  it('that were refused are counted by what programs branch on', async () => {
    const labels = { route: '/api/v1/clients', status: '400', code: 'invalid_request' };
    const refused = () => postern.admin.post('/api/v1/clients', { body: { nonsense: true } });
    expect(await growth('postern_http_errors_total', labels, refused)).toBe(1);
  });
});

describe('OAuth', () => {
  it('tokens are counted by grant and format', async () => {
    const jwt = await postern.registerClient({ access_token_format: 'jwt' });
    const issue = () => postern.token(jwt.clientId, jwt.clientSecret);
    const labels = { grant_type: 'client_credentials', format: 'jwt' };
    expect(await growth('postern_tokens_issued_total', labels, issue)).toBe(1);
    const path = `/api/v1/clients/${jwt.clientId}/tokens`;
    const handOut = () => postern.admin.post(path, { body: { expires_in: 60 } });
    expect(await growth('postern_tokens_issued_total', { grant_type: 'operator' }, handOut)).toBe(1);
  });

  it.each([
    ['client_credentials', 'invalid_client', 'client_credentials'],
    ['a-grant', 'invalid_client', 'other'],
    [undefined, 'invalid_client', 'none'],
  ])('a token for %s that is refused with %s counts for %s', async (grantType, error, label) => {
    const wrong = ApiClient.basic(postern.url, client.clientId, 'a wrong secret');
    const fields: Record<string, string> = grantType ? { grant_type: grantType } : {};
    const labels = { grant_type: label, error };
    const refused = () => wrong.post('/oauth2/token', form(fields));
    expect(await growth('postern_token_errors_total', labels, refused)).toBe(1);
  });

  it('refusals are counted by their audit event, introspections and revocations by their outcome', async () => {
    const failure = { type: 'client_authentication.failed', reason: 'wrong_secret' };
    const generated = client.clientSecret.replace(/.$/, (last: string) => (last === 'a' ? 'b' : 'a'));
    const wrong = ApiClient.basic(postern.url, client.clientId, generated);
    const refused = () => wrong.post('/oauth2/token', form({ grant_type: 'client_credentials' }));
    expect(await growth('postern_refusals_total', failure, refused)).toBe(1);
    const event = { type: 'client_authentication.failed', outcome: 'failure' };
    expect(await growth('postern_audit_events_total', event, refused)).toBe(1);

    const token = await postern.token(client.clientId, client.clientSecret);
    const introspect = () => postern.admin.post('/oauth2/introspect', form({ token }));
    expect(await growth('postern_introspections_total', { active: 'true' }, introspect)).toBe(1);
    const own = ApiClient.basic(postern.url, client.clientId, client.clientSecret);
    const revoke = () => own.post('/oauth2/revoke', form({ token }));
    expect(await growth('postern_revocations_total', { outcome: 'revoked' }, revoke)).toBe(1);
    expect(await growth('postern_revocations_total', { outcome: 'nothing' }, revoke)).toBe(1);
    expect(await growth('postern_introspections_total', { active: 'false' }, introspect)).toBe(1);
  });

  it('authorization requests are counted by how they end', async () => {
    const redirect_uri = 'https://app.example.com/callback';
    const { clientId } = await postern.registerClient({
      grant_types: ['authorization_code', 'client_credentials'],
      redirect_uris: [redirect_uri],
    });
    const query = new URLSearchParams({ client_id: clientId, redirect_uri, response_type: 'token' });
    const ask = () => postern.anonymous.get(`/oauth2/authorize?${query}`);
    const labels = { outcome: 'unsupported_response_type' };
    expect(await growth('postern_authorizations_total', labels, ask)).toBe(1);
  });
});

describe('what is inside', () => {
  it('tells of pools, the feed of changes, caches and queues', async () => {
    const reads = { cache: 'access-token', result: 'hit' };
    await client.api.get('/pam/v1/devices');
    const read = () => client.api.get('/pam/v1/devices');
    expect(await growth('postern_cache_requests_total', reads, read)).toBeGreaterThanOrEqual(1);
    const figures = await scrape();
    expect(figures.value('postern_cache_entries', { cache: 'access-token' })).toBeGreaterThanOrEqual(1);
    expect(figures.value('postern_change_feed_live')).toBe(1);
    expect(figures.value('postern_database_connections', { pool: 'main', state: 'max' })).toBeGreaterThan(0);
    expect(figures.labels('postern_queue_waiting', 'queue')).toEqual(['refusals', 'slow_hashing', 'tokens']);
    expect(figures.value('postern_build_info')).toBe(1);
    expect(figures.value('nodejs_heap_size_used_bytes')).toBeGreaterThan(0);
    expect(figures.types.get('nodejs_gc_duration_seconds')).toBe('histogram');
  });

  it('tells what was pruned, and when that was done', async () => {
    await ApiClient.basic(postern.url, client.clientId, 'a wrong secret').get('/pam/v1/devices');
    postern.clock.advance(10 * 60);
    const figures = await eventually(async () => {
      const now = await scrape();
      return now.value('postern_pruned_rows_total', { table: 'failed_authentications' }) > 0 && now;
    });
    expect(figures.value('postern_pruning_finished_timestamp_seconds')).toBeGreaterThan(0);
  });
});

/** Every name of a metric in a text, `_bucket` and the like taken off. */
function namesIn(text: string): string[] {
  const names = text.match(/\b(?:postern|nodejs|process)_[a-z\d_]+/g) ?? [];
  return [...new Set(names.map((name) => name.replace(/_(?:bucket|sum|count)$/, '')))];
}

describe('what is written about the figures', () => {
  const read = (path: string) => readFileSync(join(import.meta.dirname, '../../..', path), 'utf8');

  it.each(['deploy/prometheus/rules.yml', 'deploy/grafana/postern.json', 'docs/observability.md'])(
    'names none that is not there: %s',
    async (path) => {
      const { types } = await scrape();
      const names = namesIn(read(path));
      expect(names.length).toBeGreaterThan(10);
      expect(names.filter((name) => !types.has(name))).toEqual([]);
    },
  );

  it('is all in docs/observability.md, with type and labels', async () => {
    const { types, samples } = await scrape();
    const rows = read('docs/observability.md').matchAll(/^\| `(postern_\w+)` *\| (\w+) *\| ([^|]*)\|/gm);
    const documented = Array.from(rows, ([, name, type, labels]) => ({
      name: name!,
      type,
      labels: Array.from(labels!.matchAll(/`(\w+)`/g), ([, label]) => label),
    }));
    const own = [...types].filter(([name]) => name.startsWith('postern_'));
    expect(Object.fromEntries(documented.map(({ name, type }) => [name, type]))).toEqual(
      Object.fromEntries(own),
    );
    const [named, shown] = [new Map<string, unknown>(), new Map<string, unknown>()];
    for (const { name, labels } of documented) {
      const sample = samples.find((one) => one.name === name || one.name === `${name}_count`);
      if (!sample) continue;
      named.set(name, labels);
      shown.set(name, Object.keys(sample.labels));
    }
    expect(shown.size).toBeGreaterThan(10);
    expect(named).toEqual(shown);
  });

  it('alerts with a severity, a summary and a runbook; panels have something to draw', () => {
    const { groups } = parse(read('deploy/prometheus/rules.yml'));
    const rules = groups.flatMap(({ rules }: any) => rules);
    expect(rules.length).toBeGreaterThan(10);
    for (const { alert, expr, labels, annotations } of rules) {
      expect(alert).toMatch(/^Postern[A-Z]/);
      expect(expr).toMatch(/[a-z]/);
      expect(['page', 'ticket']).toContain(labels.severity);
      expect([annotations.summary, annotations.runbook]).toEqual([expect.any(String), expect.any(String)]);
    }
    const { panels } = JSON.parse(read('deploy/grafana/postern.json'));
    const drawn = panels.filter(({ type }: any) => type !== 'row');
    for (const { targets } of drawn)
      expect(
        targets.every(({ expr }: any) => namesIn(expr).length + Number(expr.startsWith('sum(up{')) > 0),
      ).toBe(true);
    expect(new Set(panels.map(({ id }: any) => id)).size).toBe(panels.length);
  });
});
