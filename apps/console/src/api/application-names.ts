import { useQuery } from '@tanstack/react-query';
import { useSession } from '../session/session';
import { api, body } from './client';

/** Postern's own, which are no applications of anybody's and have no page. */
export const BUILT_IN: ReadonlyMap<string, string> = new Map([
  ['postern-console', 'Postern console'],
  ['postern-swagger-ui', 'Swagger UI'],
]);

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
      return new Map([...BUILT_IN, ...items.map(({ client_id, name }) => [client_id, name] as const)]);
    },
    enabled: can('clients:read'),
    staleTime: 60_000,
  });
  return data;
}
