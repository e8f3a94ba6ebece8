import { queryOptions } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import type { components, operations } from '../../api/schema';
import { tagged, type Tagged } from '../../api/tagged';

export type Operator = components['schemas']['OperatorDto'];
export type FactorStanding = components['schemas']['FactorStandingDto'];

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

/** What a person has for a second factor. */
export const secondFactorOf = (id: string) =>
  queryOptions({
    queryKey: ['operators', 'second-factor', id],
    queryFn: () => body(api.GET('/api/v1/operators/{id}/second-factor', { params: { path: { id } } })),
  });

/** The roles that require one. */
export const secondFactorPolicy = queryOptions({
  queryKey: ['second-factor-policy'],
  queryFn: () => body(api.GET('/api/v1/second-factor-policy')),
});
