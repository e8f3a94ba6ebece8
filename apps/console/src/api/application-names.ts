import { useQuery } from '@tanstack/react-query';
import { useSession } from '../session/session';
import { api, body } from './client';

/** Those that were used last; the others are known by their ids alone. */
const MOST = 1000;

/** Names of applications by their client ids, for lists that have the id alone. */
export function useApplicationNames(): ReadonlyMap<string, string> | undefined {
  const { can } = useSession();
  const { data } = useQuery({
    queryKey: ['clients', 'names'],
    queryFn: async () => {
      const query = { limit: MOST, sort: '-last_used_at' } as const;
      const { items } = await body(api.GET('/api/v1/clients', { params: { query } }));
      return new Map(items.map(({ client_id, name }) => [client_id, name]));
    },
    enabled: can('clients:read'),
    staleTime: 60_000,
  });
  return data;
}
