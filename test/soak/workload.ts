import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { CodeFlow, tokensOf } from '../support/code-flow.js';
import type { TestEnvironment } from '../support/create-test-environment.js';
import { unique } from '../support/unique.js';

/** How long after a fault 503 is an answer to be expected, in milliseconds. */
const AFTERMATH_MS = 5_000;
/** Tokens that are at hand for reading, the oldest given up first. */
const AT_HAND = 200;
/** How many calls may be under way; what falls due beyond that is left out, and counted. */
const MOST_UNDER_WAY = 200;

const UNKNOWN_TOKEN = `pst_${'A'.repeat(43)}`;
const NDJSON = { accept: 'application/x-ndjson' };

interface Kind {
  name: string;
  /** Its part of all calls. */
  weight: number;
  run: (url: string) => Promise<void>;
}

/** What a day brings, at a fixed rate: whoever calls does not wait for the server to keep up. */
export class Workload {
  readonly answers: Record<string, number> = {};
  readonly unexpected: string[] = [];
  /** Of all calls, in milliseconds. */
  readonly latencies: number[] = [];
  leftOut = 0;
  private faultAt = -Infinity;
  private underWay = new Set<Promise<void>>();
  private turn = 0;
  private tokens: string[] = [];
  private client = { id: '', secret: '' };
  private rotating = { id: '', secret: '' };
  private flows: CodeFlow[] = [];
  private readonly schedule: Kind[];

  private constructor(
    private readonly urls: string[],
    private readonly credentials: { id: string; secret: string; password: string },
  ) {
    const kinds = this.kinds();
    // Spread evenly: each kind recurs at its own distance.
    this.schedule = kinds
      .flatMap((kind) =>
        Array.from({ length: kind.weight }, (_, index) => ({ kind, at: (index + 0.5) / kind.weight })),
      )
      .toSorted((a, b) => a.at - b.at)
      .map(({ kind }) => kind);
  }

  static async at(
    urls: string[],
    credentials: { id: string; secret: string; password: string },
  ): Promise<Workload> {
    const load = new Workload(urls, credentials);
    const scopes = ['devices:read', 'users:read', 'tokens:introspect', 'inventory:write'];
    load.client = await load.register({ name: 'soak', scopes });
    load.rotating = await load.register({ name: 'rotating' });
    load.flows = await Promise.all(urls.map((url) => CodeFlow.of(load.environmentAt(url))));
    for (const url of urls) await load.fetchToken(url);
    return load;
  }

  /** From now on, for a while, the database may be out of reach. */
  faultBegins(): void {
    this.faultAt = Date.now();
  }

  /** Calls at a fixed rate, a second, until then. */
  async run(rate: number, untilMs: number): Promise<void> {
    const begunAt = Date.now();
    for (let due = 0; Date.now() < untilMs; due += 1) {
      const wait = begunAt + (due * 1000) / rate - Date.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      this.begin(this.schedule[due % this.schedule.length]!);
    }
    await Promise.all(this.underWay);
  }

  private begin(kind: Kind): void {
    if (this.underWay.size >= MOST_UNDER_WAY) {
      this.leftOut += 1;
      return;
    }
    this.turn += 1;
    const begunAt = performance.now();
    const call = kind
      .run(this.urls[this.turn % this.urls.length]!)
      .catch((error: Error) => this.fail(kind.name, error))
      .finally(() => {
        this.latencies.push(performance.now() - begunAt);
        this.underWay.delete(call);
      });
    this.underWay.add(call);
  }

  private kinds(): Kind[] {
    return [
      { name: 'token', weight: 400, run: (url) => this.fetchToken(url) },
      { name: 'read', weight: 400, run: (url) => this.get(url, '/pam/v1/devices?limit=20') },
      { name: 'introspect', weight: 150, run: (url) => this.introspect(url) },
      { name: 'refusal', weight: 50, run: (url) => this.beRefused(url) },
      { name: 'revocation', weight: 30, run: (url) => this.revoke(url) },
      { name: 'change', weight: 20, run: (url) => this.change(url) },
      { name: 'page', weight: 20, run: (url) => this.page(url) },
      { name: 'abandoned', weight: 20, run: (url) => this.abandon(url) },
      { name: 'code', weight: 8, run: (url) => this.authorize(url) },
      { name: 'import', weight: 5, run: (url) => this.import(url) },
      { name: 'export', weight: 4, run: (url) => this.export(url) },
      { name: 'rotation', weight: 3, run: (url) => this.rotate(url) },
    ];
  }

  private expecting(kind: string, status: number, answer: ApiResponse): boolean {
    const key = `${kind} ${answer.status}`;
    this.answers[key] = (this.answers[key] ?? 0) + 1;
    if (answer.status === status) return true;
    const isFault = answer.status === 503 && answer.headers.has('retry-after');
    if (!isFault || !this.isInAftermath) this.unexpected.push(`${key} ${answer.text.slice(0, 300)}`);
    return false;
  }

  private get isInAftermath(): boolean {
    return Date.now() - this.faultAt < AFTERMATH_MS;
  }

  private fail(kind: string, error: Error): void {
    if (!this.isInAftermath) this.unexpected.push(`${kind} ${error.message} ${String(error.cause ?? '')}`);
  }

  private admin(url: string): ApiClient {
    return ApiClient.basic(url, this.credentials.id, this.credentials.secret);
  }

  private asClient(url: string, { id, secret } = this.client): ApiClient {
    return ApiClient.basic(url, id, secret);
  }

  private environmentAt(url: string): TestEnvironment {
    const { password } = this.credentials;
    return {
      url,
      admin: this.admin(url),
      ownerCredentials: { username: 'owner', password },
    } as TestEnvironment;
  }

  private async register(fields: { name: string; scopes?: string[] }) {
    const { status, body, text } = await this.admin(this.urls[0]!).post('/api/v1/clients', { body: fields });
    if (status !== 201) throw new Error(`The client was not registered: ${status} ${text}`);
    return { id: body.client_id as string, secret: body.client_secret as string };
  }

  private async fetchToken(url: string): Promise<void> {
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    const answer = await this.asClient(url).post('/oauth2/token', { body });
    if (!this.expecting('token', 200, answer)) return;
    this.tokens.push(answer.body.access_token);
    if (this.tokens.length > AT_HAND) this.tokens.shift();
  }

  private someToken(): string {
    return this.tokens[Math.floor(Math.random() * this.tokens.length)]!;
  }

  private async get(url: string, path: string, headers: Record<string, string> = {}): Promise<void> {
    this.expecting('read', 200, await ApiClient.bearer(url, this.someToken()).get(path, { headers }));
  }

  private async introspect(url: string): Promise<void> {
    const body = new URLSearchParams({ token: this.someToken() });
    this.expecting('introspect', 200, await this.asClient(url).post('/oauth2/introspect', { body }));
  }

  private async beRefused(url: string): Promise<void> {
    this.expecting('refusal', 401, await ApiClient.bearer(url, UNKNOWN_TOKEN).get('/pam/v1/devices'));
  }

  private async revoke(url: string): Promise<void> {
    const path = `/api/v1/clients/${this.client.id}/tokens`;
    const given = await this.admin(url).post(path, { body: { expires_in: 600 } });
    if (!this.expecting('hand out', 201, given)) return;
    const revoked = await this.admin(url).delete(`/api/v1/tokens/${given.body.id}`);
    if (!this.expecting('revoke', 204, revoked)) return;
    const read = await ApiClient.bearer(url, given.body.access_token).get('/pam/v1/devices');
    this.expecting('read what was revoked', 401, read);
  }

  private async change(url: string): Promise<void> {
    const path = `/api/v1/clients/${this.rotating.id}`;
    this.expecting('change', 200, await this.admin(url).patch(path, { body: { notes: unique('note') } }));
    this.expecting('list', 200, await this.admin(url).get('/api/v1/clients?limit=20&count=true'));
  }

  private async page(url: string): Promise<void> {
    for (const path of ['/console/', '/docs', '/openapi.json', '/readyz'])
      this.expecting(`page ${path}`, 200, await new ApiClient(url).get(path));
  }

  /** Goes away in the middle of an export. */
  private async abandon(url: string): Promise<void> {
    const gone = new AbortController();
    const headers = { ...NDJSON, authorization: `Bearer ${this.someToken()}` };
    const response = await fetch(`${url}/pam/v1/devices`, { headers, signal: gone.signal });
    gone.abort();
    await response.body?.cancel().catch(() => {});
  }

  private async authorize(url: string): Promise<void> {
    const flow = this.flows[this.urls.indexOf(url)]!;
    const redeemed = await flow.redeem(await flow.code());
    if (!this.expecting('code', 200, redeemed)) return;
    const refreshed = await flow.refresh(tokensOf(redeemed).refreshToken);
    if (!this.expecting('refresh', 200, refreshed)) return;
    const ended = await flow.revoke(tokensOf(refreshed).refreshToken);
    this.expecting('end of a family', 200, ended);
  }

  private async import(url: string): Promise<void> {
    const rows = Array.from({ length: 100 }, (_, index) =>
      JSON.stringify({
        id: `soak-${index}`,
        name: unique('device'),
        address: `10.0.0.${index}`,
        type: 'server',
      }),
    );
    const headers = { 'content-type': 'application/x-ndjson' };
    const body = rows.join('\n');
    const path = '/inventory/v1/devices?partial=true';
    const answer = await ApiClient.bearer(url, this.someToken()).put(path, { body, headers });
    // One at a time for a resource.
    if (answer.status !== 409) this.expecting('import', 200, answer);
  }

  private async export(url: string): Promise<void> {
    await this.get(url, '/pam/v1/devices', NDJSON);
    const from = new Date(Date.now() - 60_000).toISOString();
    const path = `/api/v1/audit-events?from=${from}`;
    this.expecting('export', 200, await this.admin(url).get(path, { headers: NDJSON }));
  }

  private async rotate(url: string): Promise<void> {
    const path = `/api/v1/clients/${this.rotating.id}/secrets`;
    const answer = await this.admin(url).post(path, { body: {} });
    this.expecting('rotate', 201, answer);
  }
}
