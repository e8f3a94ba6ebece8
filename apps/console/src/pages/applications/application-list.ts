import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { readWhole } from '../../api/ndjson';
import type { components, paths } from '../../api/schema';
import { useSession } from '../../session/session';
import type { ListState } from '../../ui/list-state';

export type Application = components['schemas']['ListedClientDto'];
type Query = NonNullable<paths['/api/v1/clients']['get']['parameters']['query']>;

const PAGE_SIZE = 25;

export const APPLICATION_LIST = {
  sort: 'name',
  filters: [
    'name',
    'client_id',
    'active',
    'scope',
    'customer_id',
    'access_token_ttl',
    'code_created_from',
    'code_created_to',
    'token_created_from',
    'token_created_to',
    'passthru_user',
  ],
  hidden: [
    'customer_id',
    'access_token_ttl',
    'code_created_at',
    'token_created_at',
    'passthru_user',
    'redirect_uri',
    'notes',
    'updated_at',
  ],
};

/** What the page's address asks the API for. */
function useListQuery({ sort, filters }: ListState): Query {
  const { can } = useSession();
  const include = can('tokens:read') ? { include: 'live_tokens' } : {};
  return { sort, ...filters, ...include } as object as Query;
}

/** One page, by its number, and how many pages there are. */
export function useApplicationPage(state: ListState) {
  const query = { ...useListQuery(state), page: state.page, limit: PAGE_SIZE, count: true };
  const page = useQuery({
    queryKey: ['clients', 'page', query],
    queryFn: () => body(api.GET('/api/v1/clients', { params: { query } })),
    placeholderData: keepPreviousData,
    enabled: !state.showsAll,
  });
  return { ...page, pages: Math.ceil((page.data?.total ?? 0) / PAGE_SIZE) };
}

/** All of them, as a stream, and how far it has come. */
export function useAllApplications(state: ListState) {
  const query = useListQuery(state);
  const [read, setRead] = useState(0);
  const whole = useQuery({
    queryKey: ['clients', 'all', query],
    queryFn: ({ signal }) => {
      setRead(0);
      const address = `/api/v1/clients?${new URLSearchParams(query as Record<string, string>)}`;
      return readWhole<Application>(address, { signal, onRead: setRead });
    },
    placeholderData: keepPreviousData,
    enabled: state.showsAll,
    gcTime: 0,
  });
  const count = useQuery({
    queryKey: ['clients', 'count', state.filters],
    queryFn: async () => {
      const counted = { ...query, include: undefined, limit: 1, count: true };
      return (await body(api.GET('/api/v1/clients', { params: { query: counted } }))).total ?? 0;
    },
    enabled: state.showsAll,
  });
  return { ...whole, read, total: count.data };
}
