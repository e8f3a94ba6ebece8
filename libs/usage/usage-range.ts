import { FilterValueError, filters, Problem, type FormParameters } from '#http-api';

export const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** Items in an answer at most. */
const MAX_ITEMS = 1000;

/** What one item of an answer is about. Days are those of UTC. */
export const USAGE_STEPS = ['hour', 'day'] as const;
export type UsageStep = (typeof USAGE_STEPS)[number];

const STEP_MS: Record<UsageStep, number> = { hour: HOUR_MS, day: DAY_MS };
/** Where no `from` is given. */
const DEFAULT_ITEMS: Record<UsageStep, number> = { hour: 24, day: 30 };

export const USAGE_PARAMETERS = ['per', 'from', 'to'] as const;

/** Whole hours or days: from the first one's beginning to the last one's end. */
export interface UsageRange {
  per: UsageStep;
  from: Date;
  to: Date;
}

/**
 * The hours or days that the query asks for: those from the one that holds `from` to the one before
 * `to`, or that holds it. By default the last 24 hours, or 30 days, with the one that it is now.
 * @throws Problem 400 that names the parameter
 */
export function usageRange(query: FormParameters, now: Date): UsageRange {
  const per = query.get('per') ?? 'hour';
  if (!isStep(per)) throw Problem.invalidField('per', `must be one of ${USAGE_STEPS.join(', ')}`);
  const step = STEP_MS[per];
  const to = Math.ceil((timeOf(query, 'to') ?? now).getTime() / step) * step;
  const given = timeOf(query, 'from');
  const from = given ? Math.floor(given.getTime() / step) * step : to - DEFAULT_ITEMS[per] * step;
  if (from >= to)
    throw Problem.invalidField('from', 'must be before `to`, which is now where it is not given');
  if (to - from > MAX_ITEMS * step)
    throw Problem.invalidField('from', `must be ${MAX_ITEMS} ${per}s before \`to\` at most`);
  return { per, from: new Date(from), to: new Date(to) };
}

/** When each of its hours or days begins. */
export function stepsOf({ per, from, to }: UsageRange): Date[] {
  const length = (to.getTime() - from.getTime()) / STEP_MS[per];
  return Array.from({ length }, (_, index) => new Date(from.getTime() + index * STEP_MS[per]));
}

function isStep(text: string): text is UsageStep {
  return (USAGE_STEPS as readonly string[]).includes(text);
}

function timeOf(query: FormParameters, name: string): Date | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  try {
    return filters.parseTime(text);
  } catch (error) {
    if (error instanceof FilterValueError) throw Problem.invalidField(name, error.message);
    throw error;
  }
}
