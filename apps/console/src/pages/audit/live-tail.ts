import { useQuery, useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { loadEvents, type EventsQuery } from './events';
import type { AuditEvent } from './event-types';

const EVERY_MS = 2_000;
/** An event is on record a little after its time, where it waited for others. */
const LATE_MS = 5_000;
/** How long a row is told from the others. */
const NEW_MS = 10_000;
const MOST = 200;

type Pages = InfiniteData<{ items: AuditEvent[]; next_cursor: string | null }>;

/** What came in since the list was read, and when: the latest first. */
interface Arrived {
  event: AuditEvent;
  arrivedAt: number;
}

interface Tail {
  arrived: Arrived[];
  checkedAt: number;
}

/**
 * Asks every two seconds for events that are newer than the newest known; not while the tab is hidden.
 * @param listKey of the list that it continues, whose pages are the query's, the latest first
 */
export function useLiveTail(listKey: readonly unknown[], query: EventsQuery, enabled: boolean) {
  const client = useQueryClient();
  const { data, error } = useQuery({
    queryKey: ['audit-events', 'tail', query],
    queryFn: ({ queryKey }) => follow(client, listKey, client.getQueryData<Tail>(queryKey), query),
    enabled,
    refetchInterval: EVERY_MS,
    gcTime: 0,
  });
  const times = new Map(data?.arrived.map(({ event, arrivedAt }) => [event.id, arrivedAt]));
  return {
    error: enabled ? error : null,
    isNew: ({ id }: AuditEvent) =>
      enabled && data !== undefined && data.checkedAt - (times.get(id) ?? 0) < NEW_MS,
    /** What has arrived, before what was there. */
    before: (items: AuditEvent[]): AuditEvent[] => {
      const known = new Set(items.map(({ id }) => id));
      const more = data?.arrived.flatMap(({ event }) => (known.has(event.id) ? [] : [event])) ?? [];
      return more.length === 0 ? items : [...more, ...items].sort(latestFirst);
    },
  };
}

async function follow(
  client: QueryClient,
  listKey: readonly unknown[],
  tail: Tail | undefined,
  query: EventsQuery,
): Promise<Tail> {
  const arrived = tail?.arrived ?? [];
  const listed = client.getQueryData<Pages>(listKey)?.pages.flatMap(({ items }) => items) ?? [];
  const known = new Map([...listed, ...arrived.map(({ event }) => event)].map((event) => [event.id, event]));
  const newest = Math.max(...[...known.values()].map(({ at }) => Date.parse(at)));
  const since = known.size > 0 ? new Date(newest - LATE_MS).toISOString() : undefined;
  // What is filtered from a later time on needs no looking before that.
  const from = since === undefined || (query.from !== undefined && query.from > since) ? query.from : since;
  const page = await loadEvents({ ...query, from, limit: MOST });
  const checkedAt = Date.now();
  const news = page.items
    .filter(({ id }) => !known.has(id))
    .map((event) => ({ event, arrivedAt: checkedAt }));
  if (news.length < MOST || page.next_cursor === null) return { arrived: [...news, ...arrived], checkedAt };
  // More came than was asked for: the list begins anew with the latest.
  const first = await loadEvents({ ...query, limit: MOST });
  client.setQueryData<Pages>(listKey, { pages: [first], pageParams: [undefined] });
  return { arrived: news, checkedAt };
}

function latestFirst(one: AuditEvent, other: AuditEvent): number {
  return other.at.localeCompare(one.at) || other.id.localeCompare(one.id);
}
