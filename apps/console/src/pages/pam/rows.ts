import { api, body } from '../../api/client';
import type { PamName, Row } from './resource';

interface RowPage {
  items: Row[];
  next_cursor: string | null;
  total?: number;
}

// Nine lists of one shape, of which the typed client knows nine types: it is called for one of them.

export function listRows(
  name: PamName,
  query: Record<string, string | number | undefined>,
): Promise<RowPage> {
  const path = `/pam/v1/${name}` as '/pam/v1/users';
  return body(api.GET(path, { params: { query: query as object } })) as Promise<unknown> as Promise<RowPage>;
}

/** What a list is asked for one row of. */
export function rowQuery(name: PamName, id: string) {
  return {
    queryKey: ['pam', name, 'row', id],
    queryFn: async () => {
      const path = `/pam/v1/${name}/{id}` as '/pam/v1/users/{id}';
      return (await body(api.GET(path, { params: { path: { id } } }))) as unknown as Row;
    },
    staleTime: 60_000,
  };
}
