import type { Sample } from './watch.js';

/** Growth over the last two thirds that is not noise: a part of what is held, and a little beside. */
const BOUNDS = {
  heapMb: { part: 0.05, beside: 2 },
  rssMb: { part: 0.1, beside: 10 },
  handles: { part: 0.1, beside: 20 },
};

export interface Finding {
  what: string;
  figure: string;
  bound: string;
  holds: boolean;
}

/** Growth of one figure over a time, by the least squares' line through it. */
export function growth(points: readonly (readonly [at: number, value: number])[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanAt = mean(points.map(([at]) => at));
  const meanValue = mean(points.map(([, value]) => value));
  const covariance = mean(points.map(([at, value]) => (at - meanAt) * (value - meanValue)));
  const variance = mean(points.map(([at]) => (at - meanAt) ** 2));
  return variance === 0 ? 0 : (covariance / variance) * (points.at(-1)![0] - points[0]![0]);
}

/** Whether a server holds no more at the end than it did when it was warm, after a third of the time. */
export function flatness(samples: readonly Sample[], instance: number): Finding[] {
  const own = samples.filter((sample) => sample.instance === instance);
  const warm = own.slice(Math.floor(own.length / 3));
  return Object.entries(BOUNDS).map(([kind, { part, beside }]) => {
    const points = warm.map((sample) => [sample.at, sample[kind as keyof typeof BOUNDS]] as const);
    const held = points.reduce((sum, [, value]) => sum + value, 0) / points.length;
    const grown = growth(points);
    const bound = held * part + beside;
    return {
      what: `${kind} of instance ${instance}, grown in the last two thirds`,
      figure: `${grown.toFixed(1)} on ${held.toFixed(1)}`,
      bound: `≤ ${bound.toFixed(1)}`,
      holds: grown <= bound,
    };
  });
}
