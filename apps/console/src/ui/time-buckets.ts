const HOUR_MS = 3_600_000;

/** How far back a chart looks; the API is asked by the hour, and the viewer's own zone makes bars of that. */
export const RANGES = {
  '24h': { label: '24 hours', hours: 24, bucketHours: 1 },
  '7d': { label: '7 days', hours: 7 * 24, bucketHours: 6 },
  '30d': { label: '30 days', hours: 30 * 24, bucketHours: 24 },
} as const;
export type Range = keyof typeof RANGES;

/** What one bar of a chart is about. */
export interface Bucket {
  start: Date;
  values: Record<string, number>;
}

const axisTime = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const axisDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const axisDayTime = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** Where the first bar of a range begins, so that the last one holds now: the API's `from`. */
export function beginningOf(range: Range, now = Date.now()): Date {
  const { hours, bucketHours } = RANGES[range];
  return startOf(new Date(now - (hours - bucketHours) * HOUR_MS), bucketHours);
}

/** Hours of the API as bars, those without anything too. */
export function bucketsOf<Item extends { at: string }>(
  range: Range,
  items: readonly Item[],
  valuesOf: (item: Item) => Record<string, number | undefined>,
): Bucket[] {
  const buckets = new Map<number, Bucket>();
  for (const item of items) {
    const start = startOf(new Date(item.at), RANGES[range].bucketHours);
    const bucket = buckets.get(start.getTime()) ?? { start, values: {} };
    buckets.set(start.getTime(), bucket);
    for (const [name, value = 0] of Object.entries(valuesOf(item)))
      bucket.values[name] = (bucket.values[name] ?? 0) + value;
  }
  return [...buckets.values()];
}

/** All bars together. */
export function totalsOf(buckets: readonly Bucket[]): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const { values } of buckets) {
    for (const [name, value] of Object.entries(values)) totals[name] = (totals[name] ?? 0) + value;
  }
  return totals;
}

export function bucketLabel(range: Range, start: Date): string {
  return { '24h': axisTime, '7d': axisDayTime, '30d': axisDay }[range].format(start);
}

/** In the viewer's zone: a day is his day. */
function startOf(at: Date, hours: number): Date {
  const hour = Math.floor(at.getHours() / hours) * hours;
  return new Date(at.getFullYear(), at.getMonth(), at.getDate(), hour);
}
