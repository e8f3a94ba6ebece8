import { queryOptions } from '@tanstack/react-query';
import { api, body } from '../api/client';
import type { components } from '../api/schema';

export type OwnFactors = components['schemas']['OwnFactorsDto'];

/** What the person who is signed in has for a second factor, and when he last showed it. */
export const ownFactors = queryOptions({
  queryKey: ['account', 'second-factor'],
  queryFn: () => body(api.GET('/api/v1/account/second-factor')),
});

/** What it stands for, until it has to be shown again. */
const RECENT_MS = 5 * 60_000;

/** Whether he has one, and would be asked for it by what needs one. */
export function mustShowAgain({ enrolled, verified_at }: OwnFactors): boolean {
  return enrolled && (verified_at === null || Date.now() - Date.parse(verified_at) > RECENT_MS);
}
