import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

const PARAMETER = 'open';

/** Which row of a list is open beside it, as the page's address says it. */
export function useOpened() {
  const [parameters, setParameters] = useSearchParams();
  const close = useCallback(() => {
    setParameters((before) => {
      const after = new URLSearchParams(before);
      after.delete(PARAMETER);
      return after;
    });
  }, [setParameters]);
  return {
    /** Its key; null where none is. */
    opened: parameters.get(PARAMETER),
    /** What a link to it leads to: the same list, with the row open. */
    linkTo: (key: string) => {
      const search = new URLSearchParams(parameters);
      search.set(PARAMETER, key);
      return { search: `?${search}` };
    },
    close,
  };
}
