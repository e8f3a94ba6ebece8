import { Button } from '@mantine/core';
import { IconMapQuestion } from '@tabler/icons-react';
import { Link } from 'react-router';
import { PageHeader } from '../ui/page-header';
import { EmptyState } from '../ui/states';

export function NotFoundPage() {
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyState
        icon={IconMapQuestion}
        title="There is nothing here"
        action={
          <Button component={Link} to="/">
            Go to the overview
          </Button>
        }
      >
        The address leads nowhere, or to what your role does not show.
      </EmptyState>
    </>
  );
}
