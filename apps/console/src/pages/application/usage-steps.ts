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
