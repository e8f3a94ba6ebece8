import { queryOptions } from '@tanstack/react-query';
import { api, body } from '../api/client';
import type { components } from '../api/schema';

export type OwnFactors = components['schemas']['OwnFactorsDto'];

/** What the person who is signed in has for a second factor, and when he last showed it. */
export const ownFactors = queryOptions({
  queryKey: ['account', 'second-factor'],
  queryFn: () => body(api.GET('/api/v1/account/second-factor')),
});
