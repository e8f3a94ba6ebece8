import { Text, Tooltip } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { useEffect, useState } from 'react';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Farther away than this, a date says more than a distance. */
const NEAR = 7 * DAY;

const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** A time in the viewer's zone; the exact UTC on hover and focus. */
export function TimeText({
  at,
  never = '–',
  form = 'near',
}: {
  /** RFC 3339; null for never. */
  at: string | null | undefined;
  never?: string;
  /** `near`: “3 minutes ago” where it is near; `date`: always the date and time. */
  form?: 'near' | 'date';
}) {
  const now = useNow(form === 'near');
  if (!at)
    return (
      <Text span inherit c="dimmed">
        {never}
      </Text>
    );
  const time = new Date(at);
  const distance = time.getTime() - now;
  const text = form === 'near' && Math.abs(distance) < NEAR ? distanceText(distance) : absolute.format(time);
  return (
    <Tooltip label={utcText(time)}>
      <time dateTime={at} style={{ whiteSpace: 'nowrap' }}>
        {text}
      </time>
    </Tooltip>
  );
}

/** To the millisecond, as the log has it. */
export function utcText(time: Date): string {
  return `${time.toISOString().replace('T', ' ').replace('Z', '')} UTC`;
}

export function distanceText(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  if (size < MINUTE) return milliseconds < 0 ? 'just now' : 'within a minute';
  if (size < HOUR) return relative.format(Math.trunc(milliseconds / MINUTE), 'minute');
  if (size < DAY) return relative.format(Math.trunc(milliseconds / HOUR), 'hour');
  return relative.format(Math.trunc(milliseconds / DAY), 'day');
}

/** Seconds as people say them: `3600` is “1 hour”. */
export function durationText(seconds: number): string {
  for (const [unit, size] of [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const) {
    if (seconds >= size && seconds % size === 0) return plural(seconds / size, unit);
  }
  return plural(seconds, 'second');
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString()} ${noun}${count === 1 ? '' : 's'}`;
}

function useNow(moving: boolean): number {
  const [now, setNow] = useState(Date.now);
  const { start, stop } = useInterval(() => setNow(Date.now()), 30_000);
  useEffect(() => {
    if (!moving) return undefined;
    start();
    return stop;
  }, [moving, start, stop]);
  return now;
}
