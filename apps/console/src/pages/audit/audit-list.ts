import { usePages } from '../../api/use-pages';
import type { ListState } from '../../ui/list-state';
import { loadEvents, type EventsQuery } from './events';
import { useLiveTail } from './live-tail';

export const DEFAULTS = {
  sort: '-at',
  filters: ['type', 'outcome', 'client_id', 'token_id', 'actor', 'ip', 'from', 'to', 'search'],
} as const;

const PAGE = 100;

/** The list's filters and sort, as the API takes them: an address may hold anything, which the API says. */
export function queryOf({ filters, sort }: ListState): EventsQuery {
  return { ...filters, sort } as EventsQuery;
}

/** What the filters find, page after page; with what comes in while it is looked at, where that is asked for. */
export function useAuditEvents(state: ListState, live: boolean) {
  const query = queryOf(state);
  const key = ['audit-events', 'list', query];
  const list = usePages(key, (cursor) => loadEvents({ ...query, limit: PAGE, cursor }));
  const tail = useLiveTail(key, query, live && list.isSuccess && !list.isPlaceholderData);
  return { ...list, items: list.items && tail.before(list.items), isNew: tail.isNew, tailError: tail.error };
}
