import { Problem } from '../errors/problem.js';
import { FilterValueError, parseTime } from '../lists/filters.js';
import type { FormParameters } from '../server/form-parameters.js';

const HOUR_MS = 60 * 60 * 1000;

/** What one item of an answer is about. Days are those of UTC. */
export const STEPS = ['hour', 'day'] as const;
export type Step = (typeof STEPS)[number];

const STEP_MS: Record<Step, number> = { hour: HOUR_MS, day: 24 * HOUR_MS };
/** Where no `from` is given. */
export const DEFAULT_STEPS: Record<Step, number> = { hour: 24, day: 30 };

export const STEP_PARAMETERS = ['per', 'from', 'to'] as const;

/** Whole hours or days: from the first one's beginning to the last one's end. */
export interface StepRange {
  per: Step;
  from: Date;
  to: Date;
}

/**
 * The hours or days that the query asks for: those from the one that holds `from` to the one before
 * `to`, or that holds it. By default the last 24 hours, or 30 days, with the one that it is now.
 * @param most how many of them there may be
 * @throws Problem 400 that names the parameter
 */
export function stepRange(query: FormParameters, now: Date, most: Record<Step, number>): StepRange {
  const per = query.get('per') ?? 'hour';
  if (!isStep(per)) throw Problem.invalidField('per', `must be one of ${STEPS.join(', ')}`);
  const step = STEP_MS[per];
  const to = Math.ceil((timeOf(query, 'to') ?? now).getTime() / step) * step;
  const given = timeOf(query, 'from');
  const from = given ? Math.floor(given.getTime() / step) * step : to - DEFAULT_STEPS[per] * step;
  if (from >= to)
    throw Problem.invalidField('from', 'must be before `to`, which is now where it is not given');
  if (to - from > most[per] * step)
    throw Problem.invalidField('from', `must be ${most[per]} ${per}s before \`to\` at most`);
  return { per, from: new Date(from), to: new Date(to) };
}

/** When each of its hours or days begins. */
export function stepsOf({ per, from, to }: StepRange): Date[] {
  const length = (to.getTime() - from.getTime()) / STEP_MS[per];
  return Array.from({ length }, (_, index) => new Date(from.getTime() + index * STEP_MS[per]));
}

function isStep(text: string): text is Step {
  return (STEPS as readonly string[]).includes(text);
}

function timeOf(query: FormParameters, name: string): Date | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  try {
    return parseTime(text);
  } catch (error) {
    if (error instanceof FilterValueError) throw Problem.invalidField(name, error.message);
    throw error;
  }
}
