import { queryOptions } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import type { operations } from '../../api/schema';
import { beginningOf } from '../../ui/time-buckets';

type ClientsQuery = NonNullable<operations['listClients']['parameters']['query']>;
type TokensQuery = NonNullable<operations['listTokens']['parameters']['query']>;

export const DAY_MS = 86_400_000;
const REFRESH_MS = 30_000;
/** Applications that are named one by one. */
export const NAMED = 5;

const fresh = { refetchInterval: REFRESH_MS };

/** How many applications there are of a kind. */
export function applicationCount(query: ClientsQuery) {
  return queryOptions({
    queryKey: ['clients', 'count', query],
    queryFn: async () => {
      const page = api.GET('/api/v1/clients', { params: { query: { ...query, limit: 1, count: true } } });
      return (await body(page)).total ?? 0;
    },
    ...fresh,
  });
}

/** @param view what the tokens' page calls them; names the query, whose times move */
export function tokenCount(view: string, queryAt: (now: number) => TokensQuery) {
  return queryOptions({
    queryKey: ['tokens', 'count', view],
    queryFn: async () => {
      const query = { ...queryAt(Date.now()), limit: 1, count: true };
      return (await body(api.GET('/api/v1/tokens', { params: { query } }))).total ?? 0;
    },
    ...fresh,
  });
}

/** Active applications whose validity is over, or will be within a week. */
export const ENDING_APPLICATIONS = queryOptions({
  queryKey: ['clients', 'ending'],
  queryFn: () => {
    const valid_until_before = new Date(Date.now() + 7 * DAY_MS).toISOString();
    const query = { active: true, valid_until_before, limit: NAMED, count: true };
    return body(api.GET('/api/v1/clients', { params: { query } }));
  },
  ...fresh,
});

/** Requests and refusals by the hour, as far back as the chart goes. */
export const USAGE = queryOptions({
  queryKey: ['usage', '7d'],
  queryFn: async () => {
    const query = { per: 'hour', from: beginningOf('7d').toISOString() } as const;
    return (await body(api.GET('/api/v1/usage', { params: { query } }))).items;
  },
  ...fresh,
});

/** What was refused in the last 24 hours, by type, and since when that is. */
export const REFUSALS = queryOptions({
  queryKey: ['audit-events', 'counts', 'last-day'],
  queryFn: async () => {
    const { from, items } = await body(
      api.GET('/api/v1/audit-events/counts', { params: { query: { per: 'hour', outcome: 'failure' } } }),
    );
    const totals = new Map<string, number>();
    for (const { counts } of items) {
      for (const [type, count = 0] of Object.entries(counts))
        totals.set(type, (totals.get(type) ?? 0) + count);
    }
    return { from, totals: [...totals].sort(([, one], [, other]) => other - one) };
  },
  ...fresh,
});
