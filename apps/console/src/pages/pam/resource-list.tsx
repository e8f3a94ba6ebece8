import { Group, Text } from '@mantine/core';
import { IconDatabaseOff } from '@tabler/icons-react';
import { useMemo } from 'react';
import { usePages } from '../../api/use-pages';
import { ColumnChooser } from '../../ui/column-chooser';
import { DataTable } from '../../ui/data-table';
import { ClearFilters } from '../../ui/filters';
import { useListState } from '../../ui/list-state';
import { useOpened } from '../../ui/opened';
import { SearchField } from '../../ui/search-field';
import { EmptyState, ErrorState } from '../../ui/states';
import { plural } from '../../ui/time-text';
import { columnsOf } from './columns';
import { ExportMenu } from './export-menu';
import type { Resource } from './resource';
import { RowDrawer } from './row-drawer';
import { listRows } from './rows';

const PAGE = 100;

/** The rows of one resource. */
export function ResourceList({ resource }: { resource: Resource }) {
  const { name, label, singular, searches, list } = resource;
  const state = useListState(list);
  const { opened, linkTo, close } = useOpened();
  const { sort, filters, hidden } = state;
  const query = useMemo(() => ({ ...filters, sort }), [filters, sort]);
  const pages = usePages(['pam', name, query], (cursor) =>
    listRows(name, { ...query, limit: PAGE, ...(cursor === undefined ? { count: 'true' } : { cursor }) }),
  );
  const columns = columnsOf(resource, state, linkTo);
  if (pages.error && !pages.items)
    return <ErrorState error={pages.error} retry={() => void pages.refetch()} />;
  return (
    <>
      <Group mb="sm" gap="xs" justify="space-between">
        <Group gap="xs">
          <SearchField state={state} label={`Search ${searches}`} />
          <Text size="sm" c="dimmed" role="status">
            {pages.total === undefined ? '' : plural(pages.total, singular)}
          </Text>
          <ClearFilters state={state} />
        </Group>
        <Group gap="xs">
          <ColumnChooser columns={columns} state={state} />
          <ExportMenu resource={resource} query={query} total={pages.total} />
        </Group>
      </Group>
      <DataTable
        label={label}
        columns={columns}
        rows={pages.items}
        keyOf={({ id }) => id}
        sort={sort}
        onSort={state.setSort}
        hidden={hidden}
        refreshing={pages.isPlaceholderData}
        virtual
        more={pages.more}
        empty={
          <EmptyState
            icon={IconDatabaseOff}
            title={Object.keys(filters).length > 0 ? 'Nothing matches' : `No ${label.toLowerCase()} yet`}
          >
            {Object.keys(filters).length > 0
              ? 'Take a filter away, or make it wider.'
              : 'They come in through the inventory API, or by “postern import”.'}
          </EmptyState>
        }
      />
      <RowDrawer resource={resource} id={opened} onClose={close} />
    </>
  );
}
