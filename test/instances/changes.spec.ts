import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { CodeFlow } from '../support/code-flow.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { eventually } from '../support/eventually.js';
import { addPerson } from '../support/people.js';
import { ServerProcess } from '../support/server-process.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/waiting.js';
import { acknowledged, Delays } from './delays.js';

/** Each change, on either of two instances in turn; the figures of docs/reliability.md take a hundred. */
const ROUNDS = Number(process.env.POSTERN_TEST_ROUNDS ?? 1);
const PATIENCE_MS = 60_000 + ROUNDS * 2_000;
/** Uses at once of what has been refused. */
const AT_ONCE = 20;
/** Those who work all the while, and how long each waits between two requests, in milliseconds. */
const WORKERS = 4;
const WORKER_PAUSE_MS = 20;

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
  /** The same with another secret. */
  obtainsWith: (secret: string) => Use;
  /** Authenticated by the secret. */
  basic: ApiClient;
}

interface Change {
  what: string;
  make: (client: WarmClient, admin: ApiClient, url: string) => Promise<ApiResponse>;
  /** The uses that show it, and what they are answered from then on. */
  shown: (client: WarmClient, answer: ApiResponse) => [Use, number][];
}

const CHANGES: Change[] = [
  {
    what: 'the client revokes its token',
    make: ({ token, basic }, _, url) =>
      basic.at(url).post('/oauth2/revoke', { body: new URLSearchParams({ token }) }),
    shown: ({ reads }) => [[reads, 401]],
  },
  {
    what: 'an administrator revokes a token',
    make: ({ tokenPath }, admin) => admin.delete(tokenPath),
    shown: ({ reads }) => [[reads, 401]],
  },
  {
    what: 'all tokens of a client are revoked',
    make: ({ path }, admin) => admin.delete(`${path}/tokens`),
    shown: ({ reads }) => [[reads, 401]],
  },
  {
    what: 'a client is deactivated',
    make: ({ path }, admin) => admin.patch(path, { body: { active: false } }),
    shown: ({ reads, obtains }) => [
      [reads, 401],
      [obtains, 401],
    ],
  },
  {
    what: 'a client is deleted',
    make: ({ path }, admin) => admin.delete(path),
    shown: ({ reads, obtains }) => [
      [reads, 401],
      [obtains, 401],
    ],
  },
  {
    what: 'a client’s scopes are others',
    make: ({ path }, admin) => admin.patch(path, { body: { scopes: ['users:read'] } }),
    shown: ({ reads }) => [[reads, 403]],
  },
  {
    what: 'a client’s secret is rotated',
    make: ({ path }, admin) => admin.post(`${path}/secrets`),
    shown: ({ obtains, obtainsWith }, { body }) => [
      [obtains, 401],
      [obtainsWith(body.client_secret), 200],
    ],
  },
];

describeOnPostgres('what is changed on one instance', () => {
  const delays = new Delays();
  /** Where an instance does not hear of it. */
  const unheard = new Delays();
  /** Beside the processes, for what a test prepares. */
  let env: TestEnvironment;
  let instances: [ServerProcess, ServerProcess];
  let workers: Promise<unknown>;
  const done = new AbortController();

  beforeAll(async () => {
    env = await createTestEnvironment();
    const start = () =>
      ServerProcess.start({ DATABASE_URL: env.databaseUrl!, POSTERN_RATE_LIMIT_FAILURES: '100000' });
    instances = await Promise.all([start(), start()]);
    workers = work(await warmClient());
  });
  afterAll(async () => {
    done.abort();
    await workers;
    await ServerProcess.killAll();
    await env.close();
    process.stdout.write(`In force on the other instance, ${WORKERS} workers beside it:\n${delays.report()}`);
    process.stdout.write(`In force where it is not heard of:\n${unheard.report()}`);
  });

  /** What goes on beside what is measured. */
  async function work({ reads, obtains }: WarmClient): Promise<void> {
    const [one, other] = instances;
    const worker = async () => {
      while (!done.signal.aborted) {
        for (const { url } of [one, other]) expect(await reads(url)).toBe(200);
        expect(await obtains(one.url)).toBe(200);
        await pause(WORKER_PAUSE_MS);
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
  }

  async function warm(uses: Use[], urls = instances.map(({ url }) => url)): Promise<void> {
    for (const use of uses) for (const url of [...urls, ...urls]) expect(await use(url)).toBe(200);
  }

  /** A client whose token and secret all of these remember. */
  async function warmClient(urls?: string[]): Promise<WarmClient> {
    const { clientId, clientSecret } = await env.registerClient({ scopes: ['devices:read'] });
    const token = await env.token(clientId, clientSecret);
    const path = `/api/v1/clients/${clientId}`;
    const { body } = await env.admin.get(`${path}/tokens`);
    const obtainsWith =
      (secret: string): Use =>
      async (url) => {
        const form = new URLSearchParams({ grant_type: 'client_credentials' });
        return (await ApiClient.basic(url, clientId, secret).post('/oauth2/token', { body: form })).status;
      };
    const client: WarmClient = {
      path,
      tokenPath: `/api/v1/tokens/${body.items[0].id}`,
      token,
      reads: async (url) => (await ApiClient.bearer(url, token).get('/pam/v1/devices')).status,
      obtains: obtainsWith(clientSecret),
      obtainsWith,
      basic: ApiClient.basic(env.url, clientId, clientSecret),
    };
    await warm([client.reads, client.obtains], urls);
    return client;
  }

  /** From the next call on where it was made; elsewhere within the time that is promised; from then on for good. */
  async function expectInForce(what: string, [here, there]: string[], shown: [Use, number][]): Promise<void> {
    await Promise.all(
      shown.map(([use, status]) => delays.measure(what, async () => (await use(there!)) === status)),
    );
    for (const [use, status] of shown) {
      expect(await use(here!)).toBe(status);
      const again = Array.from({ length: AT_ONCE }, (_, index) => use(index % 2 ? here! : there!));
      expect(new Set(await Promise.all(again))).toEqual(new Set([status]));
    }
  }

  const inTurn = (round: number) => {
    const urls = instances.map(({ url }) => url);
    return round % 2 ? urls.toReversed() : urls;
  };

  it.each(CHANGES)(
    'is in force on the other: $what',
    async ({ what, make, shown }) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const [here, there] = inTurn(round) as [string, string];
        const client = await warmClient();
        const answer = acknowledged(await make(client, env.admin.at(here), here));
        await expectInForce(what, [here, there], shown(client, answer));
      }
    },
    PATIENCE_MS,
  );

  const ENDS_OF_PEOPLE: [string, object | undefined][] = [
    ['a person is deactivated', { active: false }],
    ['a person is deleted', undefined],
  ];
  it.each(ENDS_OF_PEOPLE)(
    'is in force on the other: %s',
    async (what, body) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const [here, there] = inTurn(round) as [string, string];
        const person = await addPerson(env);
        const flow = await CodeFlow.of(env, {}, person);
        const { accessToken } = await flow.tokens();
        const reads: Use = (url) => flow.reads(accessToken, url);
        await warm([reads]);
        const path = `/api/v1/operators/${person.id}`;
        const admin = env.admin.at(here);
        acknowledged(await (body ? admin.patch(path, { body }) : admin.delete(path)));
        await expectInForce(what, [here, there], [[reads, 401]]);
      }
    },
    PATIENCE_MS,
  );

  it(
    'is in force on the other: a refresh token is revoked, and its family with it',
    async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const [here, there] = inTurn(round) as [string, string];
        const flow = await CodeFlow.of(env);
        const { accessToken, refreshToken } = await flow.tokens();
        const reads: Use = (url) => flow.reads(accessToken, url);
        await warm([reads]);
        acknowledged(await flow.post('/oauth2/revoke', { token: refreshToken }, here));
        await expectInForce('a refresh token is revoked', [here, there], [[reads, 401]]);
      }
    },
    PATIENCE_MS,
  );

  describe('while an instance does not hear of it:', () => {
    let proxy: TcpProxy;
    let deaf: ServerProcess;
    let others: number[];

    beforeAll(async () => {
      others = (await listeners()).map(({ pid }) => pid);
      proxy = await TcpProxy.to(env.databaseUrl!);
      // No other connection is opened while new ones are swallowed.
      const variables = { DATABASE_URL: proxy.url, DATABASE_POOL_MAX: '1' };
      deaf = await ServerProcess.start({ ...variables, POSTERN_RATE_LIMIT_FAILURES: '100000' });
    });
    afterAll(() => proxy?.close());

    async function listeners(): Promise<{ pid: number; port: number }[]> {
      const { rows } = await env.database.query<{ pid: number; port: number }>(
        `SELECT pid, client_port AS port FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'postern changes' AND query <> ''`,
      );
      return rows;
    }

    const itsListener = () =>
      eventually(async () => (await listeners()).find(({ pid }) => !others.includes(pid)));

    const revoke = async ({ tokenPath }: WarmClient) =>
      acknowledged(await env.admin.at(instances[0].url).delete(tokenPath));

    async function hearsAgain(before: number): Promise<void> {
      await proxy.restore();
      await until('it listens again', async () => (await itsListener()).pid !== before);
    }

    it.each([
      {
        what: 'its connection is cut',
        silence: (pid: number) => env.database.query('SELECT pg_terminate_backend($1)', [pid]),
        lasts: false,
      },
      {
        what: 'its connection is silent',
        silence: async (_: number, port: number) => proxy.swallowFrom(port),
        lasts: true,
      },
    ])(
      '$what',
      async ({ what, silence, lasts }) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const [first, second] = [await warmClient([deaf.url]), await warmClient([deaf.url])];
          const { pid, port } = await itsListener();
          await silence(pid, port);
          await revoke(first);
          await unheard.measure(what, async () => (await first.reads(deaf.url)) === 401);
          await revoke(second);
          // By now nothing that is remembered is used: the first use shows it.
          if (lasts) expect(await second.reads(deaf.url)).toBe(401);
          else
            await unheard.measure(
              'the next one after that',
              async () => (await second.reads(deaf.url)) === 401,
            );
          await hearsAgain(pid);
          for (const { reads } of [first, second])
            for (let time = 0; time < AT_ONCE; time += 1) expect(await reads(deaf.url)).toBe(401);
        }
      },
      PATIENCE_MS,
    );
  });
});
