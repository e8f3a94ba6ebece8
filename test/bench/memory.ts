import type { Result } from './row.js';
import type { World } from './world.js';

/** What the server may hold beyond what it holds when it is idle, in MB. */
const MOST = 100;
const SAMPLE_MS = 100;

export interface Measured {
  seconds: number;
  /** The server's memory at its highest while the work ran, beyond what it held before. */
  megabytes: number;
}

/** Times some work of the server, and watches its memory meanwhile. */
export async function measured(world: World, work: () => Promise<void>): Promise<Measured> {
  const idle = await world.residentMegabytes();
  let highest = idle;
  const sample = async () => {
    highest = Math.max(highest, await world.residentMegabytes());
  };
  const sampler = setInterval(() => void sample(), SAMPLE_MS);
  const started = performance.now();
  try {
    await work();
  } finally {
    clearInterval(sampler);
  }
  return { seconds: (performance.now() - started) / 1000, megabytes: highest - idle };
}

export function memoryResult(work: string, megabytes: number): Result {
  return {
    work: `memory of the server during ${work}`,
    figure: `+${Math.round(megabytes)} MB`,
    yardstick: `${MOST} MB over idle`,
    ratio: megabytes / MOST,
    goal: { atMost: 1 },
  };
}
