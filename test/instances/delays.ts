import { performance } from 'node:perf_hooks';
import { expect } from '@jest/globals';
import type { ApiResponse } from '../support/api-client.js';

/** The contract: what is changed on one instance is in force on the others within this, whatever happens. */
const IN_FORCE_MS = 1_000;
const GIVE_UP_MS = 5_000;

/** How long it took until changes on one instance were in force on another. */
export class Delays {
  private readonly measured = new Map<string, number[]>();

  /**
   * From the answer that acknowledges a change until the answer to the first use that shows it: the
   * use itself included, so more than it really took. That no use which begins after a second fails to
   * show it is what is promised.
   * @param shows whether one use, begun now, shows the change
   */
  async measure(what: string, shows: () => Promise<boolean>): Promise<void> {
    const acknowledgedAt = performance.now();
    let begunAt = acknowledgedAt;
    while (!(await shows())) {
      begunAt = performance.now();
      if (begunAt - acknowledgedAt > GIVE_UP_MS) break;
    }
    const taken = performance.now() - acknowledgedAt;
    this.measured.set(what, [...(this.measured.get(what) ?? []), taken]);
    expect(begunAt - acknowledgedAt).toBeLessThan(IN_FORCE_MS);
  }

  /** A line for each kind of change, and one for all of them. */
  report(): string {
    const all: [string, number[]][] = [...this.measured, ['all of them', [...this.measured.values()].flat()]];
    return all.map(([what, delays]) => `${what}: ${summary(delays)}\n`).join('');
  }
}

function summary(delays: number[]): string {
  const sorted = delays.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!.toFixed(1);
  return `${sorted.length} measured, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`;
}

/** @throws Error where a change was not acknowledged */
export function acknowledged(answer: ApiResponse): ApiResponse {
  if (![200, 201, 204].includes(answer.status))
    throw new Error(`Not acknowledged: ${answer.status} ${answer.text}`);
  return answer;
}
