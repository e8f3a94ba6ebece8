import { api, body } from '../../api/client';
import type { components, operations } from '../../api/schema';
import { tagged, type Tagged } from '../../api/tagged';

export type Operator = components['schemas']['OperatorDto'];

const PAGE = 100;

/** @param query parameters of the API, as the page's address has them */
export function listOperators(query: Record<string, string>, cursor: string | undefined) {
  const parameters = { ...query, cursor, limit: PAGE, count: true };
  return body(
    api.GET('/api/v1/operators', {
      params: { query: parameters as unknown as operations['listOperators']['parameters']['query'] },
    }),
  );
}

export function readOperator(id: string): Promise<Tagged<Operator>> {
  return tagged(api.GET('/api/v1/operators/{id}', { params: { path: { id } } }));
}
