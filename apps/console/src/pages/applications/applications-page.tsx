import type { ReactNode } from 'react';
import { Button, Group, Pagination, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconApps, IconList, IconPlus } from '@tabler/icons-react';
import { useScopeCatalogue } from '../../api/scope-catalogue';
import { useSession } from '../../session/session';
import { ColumnChooser } from '../../ui/column-chooser';
import { DataTable, type DataColumn } from '../../ui/data-table';
import { ClearFilters } from '../../ui/filters';
import { useListState, type ListState } from '../../ui/list-state';
import { PageHeader } from '../../ui/page-header';
import { mayGive } from '../../ui/scope-groups';
import { EmptyState, ErrorState } from '../../ui/states';
import { plural } from '../../ui/time-text';
import {
  APPLICATION_LIST,
  useAllApplications,
  useApplicationPage,
  type Application,
} from './application-list';
import { applicationColumns } from './columns';
import { NewApplication } from './new-application';
import { RowActions } from './row-actions';
import { StreamProgress } from './stream-progress';

export default function ApplicationsPage() {
  const { can } = useSession();
  const state = useListState(APPLICATION_LIST);
  const [creating, { open, close }] = useDisclosure(false);
  const page = useApplicationPage(state);
  const all = useAllApplications(state);
  const { error, isPlaceholderData, refetch } = state.showsAll ? all : page;
  const rows = state.showsAll ? all.data : page.data?.items;
  const total = state.showsAll ? all.total : page.data?.total;
  const columns = useColumns(state);
  const button = can('clients:write') && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
      New application
    </Button>
  );
  return (
    <>
      <PageHeader
        title="API applications"
        description="What may call the API, with which scopes, and when it last did."
        actions={button}
      />
      <Group justify="space-between" mb="xs" gap="xs" mih={36}>
        <Group gap="xs">
          <Text size="sm" c="dimmed" aria-live="polite">
            {total === undefined ? '' : plural(total, 'application')}
          </Text>
          <ClearFilters state={state} />
        </Group>
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<IconList size={16} aria-hidden />}
            onClick={() => state.setShowsAll(!state.showsAll)}
          >
            {state.showsAll ? 'Show pages' : 'Show all'}
          </Button>
          <ColumnChooser columns={columns} state={state} />
        </Group>
      </Group>
      {error && <ErrorState error={error} retry={() => void refetch()} />}
      {state.showsAll && all.isFetching && <StreamProgress read={all.read} total={all.total} />}
      <DataTable
        key={state.showsAll ? 'all' : 'page'}
        label="API applications"
        columns={columns}
        rows={error ? [] : rows}
        keyOf={({ client_id }) => client_id}
        sort={state.sort}
        onSort={state.setSort}
        hidden={hiddenColumns(state)}
        refreshing={isPlaceholderData}
        virtual={state.showsAll}
        empty={!error && <NoApplications state={state} total={total} action={button} />}
      />
      {!state.showsAll && page.pages > 1 && (
        <Pagination
          mt="md"
          value={state.page}
          onChange={state.setPage}
          total={page.pages}
          getItemProps={(number) => ({ 'aria-label': `Page ${number}` })}
          getControlProps={(control) => ({
            'aria-label': control === 'next' ? 'Next page' : 'Previous page',
          })}
        />
      )}
      {creating && <NewApplication onClose={close} />}
    </>
  );
}

function useColumns(state: ListState): DataColumn<Application>[] {
  const { can } = useSession();
  const catalogue = useScopeCatalogue();
  const scopes = new Map(catalogue.data?.map((scope) => [scope.name, scope]));
  const columns = applicationColumns(state, [...scopes.keys()], {
    customers: can('customers:read'),
    tokens: can('tokens:read'),
  });
  if (!can('clients:write')) return columns;
  // Who lacks a scope of an application cannot change it either.
  const mayManage = (application: Application) =>
    application.scopes.every((name) => !scopes.has(name) || mayGive(scopes.get(name)!, can));
  return [
    ...columns,
    {
      id: 'actions',
      header: 'Actions',
      fixed: true,
      align: 'right',
      sticky: true,
      cell: (application) => mayManage(application) && <RowActions application={application} />,
    },
  ];
}

/** A column that the list is filtered by is shown: else nobody would see why rows are missing. */
function hiddenColumns({ hidden, filters }: ListState): string[] {
  const filtered = new Set(
    Object.keys(filters).map((name) => name.replace(/_(from|to)$/, '_at').replace(/^scope$/, 'scopes')),
  );
  return hidden.filter((id) => !filtered.has(id));
}

function NoApplications({
  state,
  total = 0,
  action,
}: {
  state: ListState;
  total?: number;
  action: ReactNode;
}) {
  if (total > 0)
    return (
      <EmptyState
        icon={IconApps}
        title="There are not so many pages"
        action={
          <Button variant="default" onClick={() => state.setPage(1)}>
            Go to the first page
          </Button>
        }
      />
    );
  if (Object.keys(state.filters).length > 0)
    return (
      <EmptyState
        icon={IconApps}
        title="No application matches"
        action={
          <Button variant="default" onClick={state.clearFilters}>
            Clear filters
          </Button>
        }
      >
        Filters match parts of a text, without case.
      </EmptyState>
    );
  return (
    <EmptyState icon={IconApps} title="No applications yet" action={action}>
      An application is what calls the API: it gets an id and a secret, and with them its tokens.
    </EmptyState>
  );
}
