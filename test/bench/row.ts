import type { BenchOptions } from './options.js';
import type { World } from './world.js';

/** One figure beside its yardstick, and whether their ratio reaches the goal. */
export interface Result {
  /** What was measured, in words. */
  work: string;
  /** Postern's own figure, with its unit. */
  figure: string;
  /** What it is compared with, with its unit. */
  yardstick: string;
  /** The figure over the yardstick, both as they are named in the goal. */
  ratio: number;
  /** The least or the most that the ratio may be; absent where the figure is there to be known. */
  goal?: { atLeast: number } | { atMost: number };
}

/** A line of the goals, or a few that are measured together. */
export interface BenchRow {
  /** What `--only` calls it. */
  name: string;
  /** The engines that it can run on. */
  engines: BenchOptions['engine'][];
  run(world: World): Promise<Result[]>;
}

/** @returns undefined where there is no goal */
export function isReached({ ratio, goal }: Result): boolean | undefined {
  if (!goal) return undefined;
  return 'atLeast' in goal ? ratio >= goal.atLeast : ratio <= goal.atMost;
}
