import { stepRange, type FormParameters, type StepRange } from '#http-api';

/** Hours or days in an answer at most. */
export const MAX_ITEMS = 1000;

/** @throws Problem 400 that names the parameter */
export function usageRange(query: FormParameters, now: Date): StepRange {
  return stepRange(query, now, { hour: MAX_ITEMS, day: MAX_ITEMS });
}
