import { CommandFailure } from './failure.js';

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };

/** `a,b c` as a list. */
export function listOf(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** `3600`, `12h`, `90d` in seconds. */
export function seconds(text: string): number {
  const [, count, unit = 's'] = /^(\d{1,10})([smhdwy]?)$/.exec(text) ?? [];
  if (count === undefined)
    throw CommandFailure.usage(`${JSON.stringify(text)} is no time span: 3600, 90m, 12h, 30d, 8w, 1y.`);
  return Number(count) * UNITS[unit || 's']!;
}
