import pg from 'pg';
import { fillSessions, fillTokens } from '../big-tables.js';
import { queriesOf, SESSION_PAGES, TOKEN_PAGES, type PageCases } from '../page-cases.js';
import { compare, firstPage, pageAt, type Compared, type PageRequest } from '../pages.js';
import type { BenchRow, Result } from '../row.js';
import { ADMIN_AUTHORIZATION, World } from '../world.js';

const FEW = 10_000;
/** Requests of each side in each of three rounds, for each second of `--duration`. */
const REQUESTS_PER_SECOND = 20;
const GOAL = 1.5;

/** Who asks, on the server with many rows and on that with few. */
type Callers = [PageRequest['authorization'], PageRequest['authorization']];

/** Pages of big tables beside the same of small ones, each in a database and behind a server of its own. */
export const pages: BenchRow = {
  name: 'pages',
  engines: ['postgres'],
  async run(many): Promise<Result[]> {
    const { rows } = many.options;
    const few = await World.make(many.options);
    try {
      const worlds: [World, World] = [many, few];
      for (const [world, size] of [
        [many, rows],
        [few, FEW],
      ] as const) {
        await fillSessions(world.databaseUrl, size);
        await fillTokens(world.databaseUrl, size);
      }
      const readers = (await Promise.all(worlds.map((world) => reader(world)))) as Callers;
      const seeAll: Callers = [ADMIN_AUTHORIZATION, ADMIN_AUTHORIZATION];
      const limited = (await Promise.all(worlds.map((world) => limitedCaller(world)))) as Callers;
      const sessions = await firstPages(worlds, SESSION_PAGES, readers);
      const tokens = [
        ...(await firstPages(worlds, TOKEN_PAGES, seeAll)),
        ...(await firstPages(worlds, TOKEN_PAGES, limited)),
      ];
      const far = [
        ...(await hundredthPages(many, SESSION_PAGES, readers[0])),
        ...(await hundredthPages(many, TOKEN_PAGES, limited[0])),
      ];
      return [
        worstOf(`first page of 100 of ${rows} sessions`, sessions, `of ${FEW}`),
        worstOf(`first page of 100 of ${rows} tokens`, tokens, `of ${FEW}`),
        worstOf(`hundredth page of ${rows} rows`, far, 'the first'),
      ];
    } finally {
      await few.close();
    }
  },
};

async function firstPages(
  [many, few]: [World, World],
  cases: PageCases,
  callers: Callers,
): Promise<Compared[]> {
  const [ours, beside] = [await queries(many, cases), await queries(few, cases)];
  const compared: Compared[] = [];
  for (const [index, query] of ours.entries())
    compared.push({
      query,
      ...(await compare(
        firstPage(many.url + cases.path, query, callers[0]),
        firstPage(few.url + cases.path, beside[index]!, callers[1]),
        requestsOf(many),
      )),
    });
  return compared;
}

async function hundredthPages(world: World, cases: PageCases, caller: string): Promise<Compared[]> {
  const compared: Compared[] = [];
  for (const query of (await queries(world, cases)).filter((one) => one.startsWith('sort='))) {
    const first = firstPage(world.url + cases.path, query, caller);
    compared.push({ query, ...(await compare(await pageAt(100, first), first, requestsOf(world))) });
  }
  return compared;
}

async function queries(world: World, cases: PageCases): Promise<string[]> {
  const client = new pg.Client({ connectionString: world.databaseUrl });
  await client.connect();
  try {
    return await queriesOf(cases, client);
  } finally {
    await client.end();
  }
}

function requestsOf(world: World): number {
  return Math.ceil(REQUESTS_PER_SECOND * world.options.duration);
}

/** Reads PAM data, by a bearer token. */
async function reader(world: World): Promise<string> {
  return `Bearer ${await world.token(await world.client({ name: 'reader' }))}`;
}

/** Sees the tokens of its own customer alone. */
async function limitedCaller(world: World): Promise<string> {
  return (await world.client({ name: 'limited', scopes: ['tokens:read'] })).authorization;
}

/** The case that is furthest from its yardstick. */
function worstOf(work: string, compared: Compared[], beside: string): Result {
  const ratio = ({ ours, beside: theirs }: Compared) => ours / theirs;
  const worst = compared.reduce((one, other) => (ratio(other) > ratio(one) ? other : one));
  const within = compared.filter((one) => ratio(one) <= GOAL).length;
  return {
    work: `${work}, p99; ${within} of ${compared.length} queries within the goal`,
    figure: `${worst.ours.toFixed(1)} ms at worst (${worst.query})`,
    yardstick: `${worst.beside.toFixed(1)} ms ${beside}`,
    ratio: ratio(worst),
    goal: { atMost: GOAL },
  };
}
