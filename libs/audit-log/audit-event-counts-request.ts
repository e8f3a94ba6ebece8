import { Problem, STEP_PARAMETERS, stepRange, type FormParameters, type StepRange } from '#http-api';

/** A month of hours, or a year of days: nobody reads more, and all of it is counted each time. */
const MOST = { hour: 31 * 24, day: 366 };

export const OUTCOMES = ['success', 'failure'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const COUNT_PARAMETERS = [...STEP_PARAMETERS, 'outcome', 'client_id'] as const;

/** Which events to count. */
export interface CountsRequest {
  range: StepRange;
  outcome?: Outcome;
  clientId?: string;
}

/** @throws Problem 400 that names the parameter */
export function countsRequest(query: FormParameters, now: Date): CountsRequest {
  const outcome = query.get('outcome');
  if (outcome !== undefined && !isOutcome(outcome))
    throw Problem.invalidField('outcome', `must be one of ${OUTCOMES.join(', ')}`);
  return { range: stepRange(query, now, MOST), outcome, clientId: query.get('client_id') };
}

function isOutcome(text: string): text is Outcome {
  return (OUTCOMES as readonly string[]).includes(text);
}
