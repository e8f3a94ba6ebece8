import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

interface ListPage<Item> {
  items: Item[];
  next_cursor: string | null;
  total?: number;
}

/**
 * A list of the API, page after page by its cursor.
 * @param key names the list and all that it depends on
 * @param load asks for the page that a cursor names; undefined: the first
 */
export function usePages<Item>(
  key: readonly unknown[],
  load: (cursor: string | undefined) => Promise<ListPage<Item>>,
  options: { enabled?: boolean; refetchInterval?: number | false } = {},
) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    ...options,
  });
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  return {
    ...query,
    items: useMemo(() => data?.pages.flatMap(({ items }) => items), [data]),
    total: data?.pages[0]?.total,
    more: hasNextPage
      ? { load: () => void fetchNextPage(), loading: isFetchingNextPage, failed: isFetchNextPageError }
      : undefined,
  };
}
