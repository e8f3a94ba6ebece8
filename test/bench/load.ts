import autocannon from 'autocannon';
import type { Result } from './row.js';

const CONNECTIONS = 64;
/** Seconds that a target runs before it counts. */
const WARM_UP = 2;

/** What is asked of a server, again and again, and how a right answer looks. */
export interface Target {
  url: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  /** Done before each turn, of so many seconds. */
  prepare?(seconds: number): void;
  /** Further headers, others for each request. */
  ownHeaders?(): Record<string, string>;
  body?: string;
  /** Whether a body is a right answer. */
  isRight(body: string): boolean;
}

export interface Load {
  /** Answers a second. */
  rate: number;
  /** Milliseconds. */
  p99: number;
}

/**
 * Asks for some seconds on many connections at once.
 * @throws Error where any answer was not a right one
 */
export async function drive(
  { url, method = 'GET', headers, prepare, ownHeaders, body, isRight }: Target,
  duration: number,
): Promise<Load> {
  prepare?.(duration);
  const result = await autocannon({
    url,
    method,
    headers,
    body,
    connections: CONNECTIONS,
    duration,
    ...(ownHeaders && {
      requests: [{ setupRequest: (request) => ({ ...request, headers: { ...headers, ...ownHeaders() } }) }],
    }),
    verifyBody: (answer) => isRight(String(answer)),
  });
  const { non2xx, errors, timeouts, mismatches } = result;
  const answers = result['2xx'];
  if (non2xx + errors + timeouts + mismatches > 0 || answers === 0)
    throw new Error(
      `${method} ${url}: ${answers} right answers, ${non2xx} of another status, ${mismatches} of another body, ${errors} errors, ${timeouts} timeouts.`,
    );
  return { rate: answers / result.duration, p99: result.latency.p99 };
}

/** Two targets in turn, A B A B, so that what else the machine does meets both. */
export async function sideBySide(
  ours: Target,
  theirs: Target,
  duration: number,
): Promise<{ ours: Load; theirs: Load }> {
  for (const target of [ours, theirs]) await drive(target, Math.min(WARM_UP, duration));
  const turns: [Load, Load][] = [];
  for (let turn = 0; turn < 2; turn += 1)
    turns.push([await drive(ours, duration), await drive(theirs, duration)]);
  return { ours: meanOf(turns.map(([first]) => first)), theirs: meanOf(turns.map(([, second]) => second)) };
}

export function mean(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function meanOf(loads: Load[]): Load {
  return { rate: mean(loads.map(({ rate }) => rate)), p99: mean(loads.map(({ p99 }) => p99)) };
}

/** What two rates side by side come to. */
export function comparisonOf(
  work: string,
  { ours, theirs }: { ours: Load; theirs: Load },
  beside: string,
  atLeast?: number,
): Result {
  return {
    work,
    figure: perSecond(ours.rate),
    yardstick: `${perSecond(theirs.rate)} ${beside}`,
    ratio: ours.rate / theirs.rate,
    goal: atLeast === undefined ? undefined : { atLeast },
  };
}

function perSecond(rate: number): string {
  return `${Math.round(rate)}/s`;
}
