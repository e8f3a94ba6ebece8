import { useQuery } from '@tanstack/react-query';
import { api, body } from './client';
import type { components } from './schema';

export type Scope = components['schemas']['ScopeDto'];

const PAGE = 1000;

/** Every scope that there is, by name: the catalogue is short, and searched as a whole. */
export function useScopeCatalogue() {
  return useQuery({ queryKey: ['scopes', 'catalogue'], queryFn: readCatalogue });
}

async function readCatalogue(): Promise<Scope[]> {
  const scopes: Scope[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: PAGE, cursor };
    const { items, next_cursor } = await body(api.GET('/api/v1/scopes', { params: { query } }));
    scopes.push(...items);
    cursor = next_cursor ?? undefined;
  } while (cursor !== undefined);
  return scopes;
}
