import { Agent, get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

const PAGE = 100;
const ROUNDS = 3;
const WARM_UP = 5;

const agent = new Agent({ keepAlive: true });

/** A page of a list, and who asks for it. */
export interface PageRequest {
  url: string;
  authorization: string;
}

interface Answer {
  items: object[];
  next_cursor: string | null;
}

/** The p99s of one page and of what it is compared with, in milliseconds. */
export interface Compared {
  query: string;
  ours: number;
  beside: number;
}

/** The first page of a query. */
export function firstPage(list: string, query: string, authorization: string): PageRequest {
  return { url: `${list}?limit=${PAGE}&${query}`, authorization };
}

/**
 * The p99s of two pages, asked for in turn, one request at a time. Of a hundred requests the p99 is
 * all but the slowest, and one pause of the scheduler decides it: so it is taken three times, and
 * the best of three counts, for both sides alike.
 * @param requests of each side in each round
 * @throws Error where an answer is not a page, or ours has fewer rows than the other
 */
export async function compare(
  ours: PageRequest,
  beside: PageRequest,
  requests: number,
): Promise<{ ours: number; beside: number }> {
  const rows: number[] = [];
  for (const side of [ours, beside]) {
    for (let count = 1; count < WARM_UP; count += 1) await ask(side);
    rows.push((await ask(side)).answer.items.length);
  }
  if (rows[0]! < rows[1]!) throw new Error(`${ours.url} has ${rows[0]} rows, ${beside.url} has ${rows[1]}.`);
  const best: [number, number] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round += 1) {
    const times: [number[], number[]] = [[], []];
    for (let count = 0; count < requests; count += 1)
      for (const [side, request] of [ours, beside].entries())
        times[side]!.push((await ask(request)).milliseconds);
    for (const side of [0, 1] as const) best[side] = Math.min(best[side], p99(times[side]));
  }
  return { ours: best[0], beside: best[1] };
}

/** The address of the page so far on, by the cursors of those before it. */
export async function pageAt(number: number, { url, authorization }: PageRequest): Promise<PageRequest> {
  let page = { url, authorization };
  for (let at = 1; at < number; at += 1) {
    const { answer } = await ask(page);
    page = { url: `${url}&cursor=${answer.next_cursor}`, authorization };
  }
  return page;
}

async function ask({ url, authorization }: PageRequest): Promise<{ milliseconds: number; answer: Answer }> {
  const started = performance.now();
  const request = get(url, { agent, headers: { authorization } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const body = await text(response);
  const milliseconds = performance.now() - started;
  if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode} ${body}`);
  return { milliseconds, answer: JSON.parse(body) as Answer };
}

function p99(times: number[]): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1]!;
}
