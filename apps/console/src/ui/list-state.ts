import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

/** What a list shows, as the page's address says it: it can be shared, and Back goes back. */
export interface ListState {
  /** As the API takes it: a column, `-` for descending. */
  sort: string;
  setSort(sort: string): void;
  /** Filters that are set, by parameter of the API. */
  filters: Record<string, string>;
  /** Sets filters, or takes them away (empty, or null). */
  setFilters(filters: Record<string, string | null>): void;
  clearFilters(): void;
  /** From 1. */
  page: number;
  setPage(page: number): void;
  showsAll: boolean;
  setShowsAll(all: boolean): void;
  /** Columns that are hidden. */
  hidden: readonly string[];
  setHidden(columns: readonly string[]): void;
}

interface ListDefaults {
  sort: string;
  /** Parameters of the address that are filters. */
  filters: readonly string[];
  hidden?: readonly string[];
}

const NONE: readonly string[] = [];

/** `defaults` must be the same object each time: it stands outside of the component. */
export function useListState({ sort, filters: names, hidden = NONE }: ListDefaults): ListState {
  const [parameters, setParameters] = useSearchParams();
  const change = useCallback(
    (changes: Record<string, string | null>, replace = false) => {
      setParameters(
        () => {
          // The address itself: a change of a moment ago may not be drawn yet.
          const after = new URLSearchParams(location.search);
          for (const [name, value] of Object.entries(changes)) {
            if (value === null || value === '') after.delete(name);
            else after.set(name, value);
          }
          return after;
        },
        { replace },
      );
    },
    [setParameters],
  );
  return useMemo(() => {
    const filters = Object.fromEntries(
      names.flatMap((name) => {
        const value = parameters.get(name);
        return value ? [[name, value]] : [];
      }),
    );
    return {
      sort: parameters.get('sort') ?? sort,
      setSort: (next) => change({ sort: next === sort ? null : next, page: null }),
      filters,
      setFilters: (next) => change({ ...next, page: null }),
      clearFilters: () => change({ ...Object.fromEntries(names.map((name) => [name, null])), page: null }),
      page: Math.max(Number.parseInt(parameters.get('page') ?? '1', 10) || 1, 1),
      setPage: (page) => change({ page: page === 1 ? null : String(page) }),
      showsAll: parameters.get('all') === 'true',
      setShowsAll: (all) => change({ all: all ? 'true' : null, page: null }),
      hidden: parameters.get('hide')?.split(',') ?? hidden,
      setHidden: (columns) => change({ hide: columns.join(',') || 'none' }, true),
    };
  }, [parameters, sort, names, hidden, change]);
}
