import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** The rows to run; undefined: all. */
  only: string[] | undefined;
  /** Seconds that each of the four turns of a comparison takes. */
  duration: number;
  /** Rows in the big tables. */
  rows: number;
  engine: 'postgres' | 'embedded';
  /** Whether Postern's server is profiled (`node --cpu-prof`). */
  profile: boolean;
}

/** @throws Error that names the option, and what it takes */
export function benchOptions(args: string[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      duration: { type: 'string', default: '5' },
      rows: { type: 'string', default: '1000000' },
      engine: { type: 'string', default: 'postgres' },
      profile: { type: 'boolean', default: false },
    },
  });
  const { engine } = values;
  if (engine !== 'postgres' && engine !== 'embedded') throw new Error('--engine takes postgres or embedded.');
  return {
    only: values.only?.split(','),
    duration: positive('--duration', values.duration),
    rows: positive('--rows', values.rows),
    engine,
    profile: values.profile,
  };
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`${option} takes a number above zero.`);
  return number;
}
