import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { CodeFlow } from '../support/code-flow.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { eventually } from '../support/eventually.js';
import { addPerson } from '../support/people.js';
import { ServerProcess } from '../support/server-process.js';

/** Uses at once of what has been refused. */
const AT_ONCE = 20;

/** The status of a use of something on the instance at a URL. */
type Use = (url: string) => Promise<number>;

interface WarmClient {
  path: string;
  /** Its access token's path, for an administrator. */
  tokenPath: string;
  token: string;
  /** Reads with the token. */
  reads: Use;
  /** Obtains another token with the secret. */
  obtains: Use;
  /** Authenticated by the secret. */
  basic: ApiClient;
}

interface End {
  what: string;
  end: (client: WarmClient, admin: ApiClient, url: string) => Promise<ApiResponse>;
  /** The status of either use afterwards; 200 where there is none. */
  reads?: number;
  obtains?: number;
}

const ENDS: End[] = [
  {
    what: 'the client revokes its token',
    end: ({ token, basic }, _, url) =>
      basic.at(url).post('/oauth2/revoke', { body: new URLSearchParams({ token }) }),
    reads: 401,
  },
  {
    what: 'an administrator revokes a token',
    end: ({ tokenPath }, admin) => admin.delete(tokenPath),
    reads: 401,
  },
  {
    what: 'all tokens of a client are revoked',
    end: ({ path }, admin) => admin.delete(`${path}/tokens`),
    reads: 401,
  },
  {
    what: 'a client is deactivated',
    end: ({ path }, admin) => admin.patch(path, { body: { active: false } }),
    reads: 401,
    obtains: 401,
  },
  {
    what: 'a client is deleted',
    end: ({ path }, admin) => admin.delete(path),
    reads: 401,
    obtains: 401,
  },
  {
    what: 'a client’s scopes are others',
    end: ({ path }, admin) => admin.patch(path, { body: { scopes: ['users:read'] } }),
    reads: 403,
  },
  {
    what: 'a client’s secret is rotated',
    end: ({ path }, admin) => admin.post(`${path}/secrets`),
    obtains: 401,
  },
];

describeOnPostgres('what two instances remember', () => {
  let env: TestEnvironment;
  let other: ServerProcess;
  beforeAll(async () => {
    env = await createTestEnvironment();
    other = await ServerProcess.start({
      DATABASE_URL: env.databaseUrl!,
      POSTERN_RATE_LIMIT_FAILURES: '100000',
    });
  });
  afterAll(async () => {
    await ServerProcess.killAll();
    await env.close();
  });

  async function warm(...uses: Use[]): Promise<void> {
    for (const use of uses)
      for (const url of [env.url, other.url, env.url, other.url]) expect(await use(url)).toBe(200);
  }

  /** A client whose token and secret both instances remember. */
  async function warmClient(): Promise<WarmClient> {
    const { clientId, clientSecret } = await env.registerClient({ scopes: ['devices:read'] });
    const token = await env.token(clientId, clientSecret);
    const path = `/api/v1/clients/${clientId}`;
    const { body } = await env.admin.get(`${path}/tokens`);
    const basic = ApiClient.basic(env.url, clientId, clientSecret);
    const form = { body: new URLSearchParams({ grant_type: 'client_credentials' }) };
    const reads: Use = async (url) => (await ApiClient.bearer(url, token).get('/pam/v1/devices')).status;
    const obtains: Use = async (url) => (await basic.at(url).post('/oauth2/token', form)).status;
    await warm(reads, obtains);
    return { path, tokenPath: `/api/v1/tokens/${body.items[0].id}`, token, reads, obtains, basic };
  }

  /** From the next call on where the change was made; elsewhere soon, and from then on for good. */
  async function expectRefused(url: string, use: Use, status: number): Promise<void> {
    expect(await use(url)).toBe(status);
    const elsewhere = url === env.url ? other.url : env.url;
    await eventually(async () => (await use(elsewhere)) === status);
    const again = Array.from({ length: AT_ONCE }, (_, index) => use(index % 2 ? url : elsewhere));
    expect(new Set(await Promise.all(again))).toEqual(new Set([status]));
  }

  describe.each(['one', 'the other'])('is forgotten by both when, on %s of them,', (which) => {
    const changedOn = () => (which === 'one' ? env.url : other.url);

    it.each(ENDS)('$what', async ({ end, reads = 200, obtains = 200 }) => {
      const client = await warmClient();
      const { status } = await end(client, env.admin.at(changedOn()), changedOn());
      expect([200, 201, 204]).toContain(status);
      await expectRefused(changedOn(), client.reads, reads);
      await expectRefused(changedOn(), client.obtains, obtains);
    });

    it.each([
      ['a person is deactivated', { active: false }],
      ['a person is deleted', undefined],
    ])('%s', async (_, body) => {
      const person = await addPerson(env);
      const flow = await CodeFlow.of(env, {}, person);
      const { accessToken } = await flow.tokens();
      const reads: Use = (url) => flow.reads(accessToken, url);
      await warm(reads);
      const path = `/api/v1/operators/${person.id}`;
      const admin = env.admin.at(changedOn());
      const { status } = await (body ? admin.patch(path, { body }) : admin.delete(path));
      expect([200, 204]).toContain(status);
      await expectRefused(changedOn(), reads, 401);
    });

    it('a refresh token is revoked, and its family with it', async () => {
      const flow = await CodeFlow.of(env);
      const { accessToken, refreshToken } = await flow.tokens();
      const reads: Use = (url) => flow.reads(accessToken, url);
      await warm(reads);
      expect((await flow.post('/oauth2/revoke', { token: refreshToken }, changedOn())).status).toBe(200);
      await expectRefused(changedOn(), reads, 401);
    });
  });
});
