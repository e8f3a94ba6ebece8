import { api, body } from '../../api/client';
import type { components, operations } from '../../api/schema';

export type Token = components['schemas']['AccessTokenDto'];
export type TokenQuery = NonNullable<operations['listTokens']['parameters']['query']>;

const LARGEST_PAGE = 1000;

export function listTokens(query: TokenQuery) {
  return body(api.GET('/api/v1/tokens', { params: { query } }));
}

/** Every active token that a query finds, page after page. */
export async function* activeTokens(query: TokenQuery): AsyncGenerator<Token> {
  let cursor: string | undefined;
  do {
    // The latest first: one that is made meanwhile, for this console itself, is not among them.
    const page = await listTokens({
      ...query,
      status: 'active',
      sort: '-issued_at',
      limit: LARGEST_PAGE,
      cursor,
    });
    yield* page.items;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

export function revokeToken(id: string) {
  return api.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } });
}
