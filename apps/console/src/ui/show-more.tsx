import { Center, Loader, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useInViewport } from '@mantine/hooks';
import { useEffect } from 'react';
import classes from './data-table.module.css';

export interface More {
  load(): void;
  loading: boolean;
  /** The last attempt came to nothing: the next one is the person's. */
  failed?: boolean;
}

/** The end of a list that goes on. @param byItself whether coming into sight is asking for more */
export function ShowMore({ load, loading, failed, byItself }: More & { byItself?: boolean }) {
  const { ref, inViewport } = useInViewport();
  const due = byItself && inViewport && !loading && !failed;
  useEffect(() => {
    if (due) load();
  }, [due, load]);
  return (
    <Center py="sm" ref={ref} className={classes.end}>
      {loading ? (
        <Loader size="xs" aria-label="Loading more" />
      ) : (
        <UnstyledButton className={classes.more} onClick={load}>
          {failed ? (
            'The next rows did not come: try again'
          ) : (
            <>
              Show more<VisuallyHidden> rows</VisuallyHidden>
            </>
          )}
        </UnstyledButton>
      )}
    </Center>
  );
}
