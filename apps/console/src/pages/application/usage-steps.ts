import type { components } from '../../api/schema';

export type UsageItem = components['schemas']['UsageItemDto'];
export type UsageStep = components['schemas']['ClientUsageDto']['per'];

const hour = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
// The server's days are those of UTC.
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** When an hour or day begins, as the viewer says it. */
export function stepText(at: string, per: UsageStep): string {
  return (per === 'hour' ? hour : day).format(new Date(at));
}

/** Several of them as one, so that a bar can be seen; the last one is whole. */
export function inBars(items: readonly UsageItem[], size: number): UsageItem[] {
  const bars: UsageItem[] = [];
  for (let end = items.length; end > 0; end -= size) {
    const part = items.slice(Math.max(end - size, 0), end);
    bars.unshift({
      at: part[0]!.at,
      requests: part.reduce((sum, { requests }) => sum + requests, 0),
      refusals: part.reduce((sum, { refusals }) => sum + refusals, 0),
    });
  }
  return bars;
}
