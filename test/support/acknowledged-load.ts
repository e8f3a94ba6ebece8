import { expect } from '@jest/globals';
import { ApiClient, type ApiResponse } from './api-client.js';
import { CodeFlow, tokensOf } from './code-flow.js';
import type { TestEnvironment } from './create-test-environment.js';
import { inParallel } from './waiting.js';

/** What the server has answered, so that it must be there ever after. */
interface Acknowledged {
  fetched: string[];
  handedOut: { id: string; token: string }[];
  revoked: { id: string; token: string }[];
  /** Clients by id, with the notes that they were last given; undefined while that is not answered. */
  clients: Map<string, string | undefined>;
  /** Of one client, in their order. */
  secrets: { id: string; secret: string }[];
  /** Request ids of calls that were refused. */
  refused: string[];
  /** Codes that were redeemed, and what came of them was refreshed twice. */
  families: Family[];
}

interface Family {
  accessTokens: string[];
  /** The first refresh token, and the code, once more. */
  again: (() => Promise<ApiResponse>)[];
}

interface Worker {
  count: number;
  step: () => Promise<ApiResponse | undefined>;
}

const READ = '/pam/v1/devices?limit=1';
const UNKNOWN_TOKEN = `pst_${'A'.repeat(43)}`;

/**
 * Everybody works at a server whose parts fail, and keeps what it has acknowledged: tokens, revocations,
 * changes of clients, rotations of secrets, refusals, refreshes and redeemed codes.
 */
export class AcknowledgedLoad {
  readonly acknowledged: Acknowledged = {
    fetched: [],
    handedOut: [],
    revoked: [],
    clients: new Map(),
    secrets: [],
    refused: [],
    families: [],
  };
  /** How many answers had which status. */
  readonly answers = new Map<number, number>();
  /** Answers that are neither what was asked for nor 503 with `Retry-After`. */
  readonly unexpected: string[] = [];
  private url: string;
  private running: Promise<void>[] = [];
  private stopped = true;
  private counter = 0;
  /** How many families were asked for once more, which ended them. */
  private seen = 0;
  private credentials = { id: '', secret: '' };
  private rotating = '';
  private flow: CodeFlow;

  private constructor(url: string) {
    this.url = url;
  }

  /** @param url of a server that has started on the suite's own first start */
  static async at(url: string): Promise<AcknowledgedLoad> {
    const load = new AcknowledgedLoad(url);
    const register = async (name: string) =>
      (await load.admin.post('/api/v1/clients', { body: { name: `${name} ${url}` } })).body;
    const body = await register('load');
    load.credentials = { id: body.client_id, secret: body.client_secret };
    load.rotating = (await register('rotating')).client_id;
    return load;
  }

  /** How much has been acknowledged, by kind. */
  get counts(): Record<string, number> {
    const { clients, ...lists } = this.acknowledged;
    const counts = Object.entries(lists).map(([kind, { length }]) => [kind, length]);
    return Object.fromEntries([...counts, ['clients', clients.size]]);
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  /** Begins; each works until the server is gone, or the load ends. */
  async begin(url = this.url): Promise<void> {
    this.url = url;
    this.flow = await CodeFlow.of({
      url,
      admin: this.admin,
      ownerCredentials: { username: 'owner', password: process.env.POSTERN_TEST_OWNER_PASSWORD! },
    } as TestEnvironment);
    this.stopped = false;
    this.running = this.workers().flatMap(({ count, step }) =>
      Array.from({ length: count }, () => this.work(step)),
    );
  }

  /** Resolves when nobody works any more. */
  async end(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.running);
  }

  /** @param url of the server that holds the same database now */
  async expectNothingLost(url = this.url): Promise<void> {
    this.url = url;
    await this.expectTokens();
    await this.expectClients();
    await this.expectOnRecord();
    await this.expectSpent();
  }

  private get admin(): ApiClient {
    return ApiClient.basic(this.url, 'test-admin', process.env.POSTERN_TEST_ADMIN_SECRET!);
  }

  private workers(): Worker[] {
    return [
      { count: 4, step: () => this.fetchToken() },
      { count: 2, step: () => this.handOut() },
      { count: 2, step: () => this.revoke() },
      { count: 2, step: () => this.register() },
      { count: 1, step: () => this.rotate() },
      { count: 2, step: () => this.beRefused() },
      { count: 1, step: () => this.redeem() },
    ];
  }

  private async work(step: Worker['step']): Promise<void> {
    try {
      while (!this.stopped) await step();
    } catch (error) {
      // What `fetch` throws where the server is gone.
      if ((error as Error).name !== 'TypeError') this.unexpected.push(String(error));
    }
  }

  /** @returns the answer where it is the one that was asked for */
  private async expecting(status: number, asked: Promise<ApiResponse>): Promise<ApiResponse | undefined> {
    const answer = await asked;
    this.answers.set(answer.status, (this.answers.get(answer.status) ?? 0) + 1);
    if (answer.status === status) return answer;
    const isUnavailable = answer.status === 503 && /^\d+$/.test(answer.headers.get('retry-after') ?? '');
    if (!isUnavailable) this.unexpected.push(`${answer.status} ${answer.text.slice(0, 500)}`);
    return undefined;
  }

  private async fetchToken() {
    const { id, secret } = this.credentials;
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    const answer = await this.expecting(
      200,
      ApiClient.basic(this.url, id, secret).post('/oauth2/token', { body }),
    );
    if (answer) this.acknowledged.fetched.push(answer.body.access_token);
    return answer;
  }

  private async handOut() {
    const path = `/api/v1/clients/${this.credentials.id}/tokens`;
    const answer = await this.expecting(201, this.admin.post(path, { body: { expires_in: 3600 } }));
    if (answer) this.acknowledged.handedOut.push({ id: answer.body.id, token: answer.body.access_token });
    return answer;
  }

  private async revoke() {
    const { handedOut, revoked } = this.acknowledged;
    if (!(await this.handOut())) return undefined;
    const one = handedOut.pop()!;
    // It may be revoked from now on, answered or not.
    const answer = await this.expecting(204, this.admin.delete(`/api/v1/tokens/${one.id}`));
    if (answer) revoked.push(one);
    return answer;
  }

  private async register() {
    this.counter += 1;
    const body = { name: `under load ${this.counter} ${this.url}` };
    const created = await this.expecting(201, this.admin.post('/api/v1/clients', { body }));
    if (!created) return undefined;
    const id = created.body.client_id as string;
    this.acknowledged.clients.set(id, undefined);
    const notes = `changed by ${this.counter}`;
    const changed = await this.expecting(200, this.admin.patch(`/api/v1/clients/${id}`, { body: { notes } }));
    if (changed) this.acknowledged.clients.set(id, notes);
    return changed;
  }

  private async rotate() {
    const path = `/api/v1/clients/${this.rotating}/secrets`;
    const answer = await this.expecting(201, this.admin.post(path, { body: {} }));
    if (answer) this.acknowledged.secrets.push({ id: answer.body.id, secret: answer.body.client_secret });
    return answer;
  }

  private async beRefused() {
    const answer = await this.expecting(401, ApiClient.bearer(this.url, UNKNOWN_TOKEN).get(READ));
    if (answer) this.acknowledged.refused.push(answer.headers.get('x-request-id')!);
    return answer;
  }

  /** A code, redeemed, and what came of it, refreshed twice: then no grace is left for the first one. */
  private async redeem() {
    const { flow } = this;
    const code = await flow.code().catch((error: Error) => {
      if (error.name === 'TypeError') throw error;
      return undefined;
    });
    if (!code) return undefined;
    const redeem = () => flow.redeem(code, {}, this.url);
    let answer = await this.expecting(200, redeem());
    if (!answer) return undefined;
    const accessTokens = [tokensOf(answer).accessToken];
    const first = tokensOf(answer).refreshToken;
    for (let rotation = 0; rotation < 2; rotation += 1) {
      answer = await this.expecting(200, flow.refresh(tokensOf(answer).refreshToken, {}, this.url));
      if (!answer) return undefined;
      accessTokens.push(tokensOf(answer).accessToken);
    }
    const refresh = () => flow.refresh(first, {}, this.url);
    this.acknowledged.families.push({ accessTokens, again: [refresh, redeem] });
    return answer;
  }

  private async expectTokens(): Promise<void> {
    const { fetched, handedOut, revoked } = this.acknowledged;
    await this.expectAnswers(200, [...fetched, ...handedOut.map(({ token }) => token)]);
    await this.expectAnswers(
      401,
      revoked.map(({ token }) => token),
    );
  }

  private expectAnswers(status: number, tokens: string[]): Promise<void> {
    return inParallel(tokens, 8, async (token) => {
      expect((await ApiClient.bearer(this.url, token).get(READ)).status).toBe(status);
    });
  }

  private async expectClients(): Promise<void> {
    const listed = new Map(
      (await this.all('/api/v1/clients')).map(({ client_id, notes }) => [client_id, notes]),
    );
    for (const [id, notes] of this.acknowledged.clients)
      expect({ id, isListed: listed.has(id), notes: listed.get(id) }).toMatchObject({
        id,
        isListed: true,
        ...(notes ? { notes } : {}),
      });
    const rotations = (await this.events('client_secret.rotated')).filter(
      ({ client_id }) => client_id === this.rotating,
    );
    const rotated = new Set(rotations.map(({ detail }) => detail.secret_id));
    for (const { id } of this.acknowledged.secrets) expect(rotated).toContain(id);
    // One that was never answered may have come after it.
    const last = this.acknowledged.secrets.at(-1);
    const isLast = rotations[0]?.detail.secret_id === last?.id;
    if (!last) return;
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    const { status } = await ApiClient.basic(this.url, this.rotating, last.secret).post('/oauth2/token', {
      body,
    });
    expect(status).toBe(isLast ? 200 : 401);
  }

  private async expectOnRecord(): Promise<void> {
    const { clients, handedOut, revoked, refused } = this.acknowledged;
    const [created, updated] = await Promise.all(
      ['client.created', 'client.updated'].map(
        async (type) => new Set((await this.events(type)).map(({ client_id }) => client_id)),
      ),
    );
    for (const [client, notes] of clients) {
      expect(created).toContain(client);
      if (notes) expect(updated).toContain(client);
    }
    const rows = await this.all('/api/v1/tokens');
    const issued = (await this.events('access_token.issued')).map(({ token_id }) => token_id);
    const known = new Set(issued);
    // Each row has its event, and each event its row.
    expect(known).toEqual(new Set(rows.map(({ id }) => id)));
    expect(issued).toHaveLength(rows.length);
    for (const { id } of handedOut) expect(known).toContain(id);
    const revocations = new Set((await this.events('access_token.revoked')).map(({ token_id }) => token_id));
    const gone = rows.filter((row) => row.status === 'revoked' && row.grant_type === 'operator');
    for (const { id } of gone) expect(revocations).toContain(id);
    for (const { id } of revoked) expect(revocations).toContain(id);
    const refusals = new Set(
      (await this.events('access_token.unknown_use')).map(({ request_id }) => request_id),
    );
    for (const id of refused) expect(refusals).toContain(id);
  }

  /** Neither a code nor a refresh token gives tokens twice; one that comes again ends what came of it. */
  private async expectSpent(): Promise<void> {
    const families = this.acknowledged.families.slice(this.seen);
    this.seen += families.length;
    await this.expectAnswers(
      200,
      families.flatMap(({ accessTokens }) => accessTokens),
    );
    for (const again of families.flatMap((family) => family.again)) {
      const { status, text } = await again();
      expect({ status, text }).toEqual({ status: 400, text: expect.stringContaining('"invalid_grant"') });
    }
    await this.expectAnswers(
      401,
      this.acknowledged.families.flatMap(({ accessTokens }) => accessTokens),
    );
  }

  private async all(path: string): Promise<any[]> {
    const { status, text } = await this.admin.get(path, { headers: { accept: 'application/x-ndjson' } });
    expect(status).toBe(200);
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  private events(type: string): Promise<any[]> {
    return this.all(`/api/v1/audit-events?type=${type}`);
  }
}
