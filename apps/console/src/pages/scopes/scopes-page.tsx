import { Button, Group, Text } from '@mantine/core';
import { IconPlus, IconShieldOff } from '@tabler/icons-react';
import { useState } from 'react';
import { api, body } from '../../api/client';
import type { Scope } from '../../api/scope-catalogue';
import type { operations } from '../../api/schema';
import { usePages } from '../../api/use-pages';
import { useSession } from '../../session/session';
import { DataTable } from '../../ui/data-table';
import { ClearFilters } from '../../ui/filters';
import { useListState } from '../../ui/list-state';
import { PageHeader } from '../../ui/page-header';
import { SearchField } from '../../ui/search-field';
import { EmptyState, ErrorState } from '../../ui/states';
import { plural } from '../../ui/time-text';
import { AddScope } from './add-scope';
import { DeleteScope } from './delete-scope';
import { EditScope } from './edit-scope';
import { scopeColumns } from './scope-columns';

const LIST = { sort: 'name', filters: ['search', 'built_in'] };
const PAGE = 100;

type Sort = NonNullable<operations['listScopes']['parameters']['query']>['sort'];
type Opened = { kind: 'add' } | { kind: 'edit' | 'delete'; scope: Scope };

/** The catalogue of what applications can be given. */
export default function ScopesPage() {
  const { account, can } = useSession();
  const state = useListState(LIST);
  const [opened, setOpened] = useState<Opened>();
  const { sort, filters } = state;
  const pages = usePages(['scopes', 'list', { ...filters, sort }], (cursor) =>
    body(
      api.GET('/api/v1/scopes', {
        params: {
          query: {
            search: filters.search,
            built_in: flagOf(filters.built_in),
            sort: sort as Sort,
            cursor,
            limit: PAGE,
            count: true,
          },
        },
      }),
    ),
  );
  const mayWrite = can('scopes:write');
  const columns = scopeColumns({
    state,
    showsCustomer: can('customers:read'),
    // A name is looked up in one's own customer first: another's is not changed by it.
    mayChange: ({ built_in, customer_id }) => mayWrite && !built_in && customer_id === account.customer_id,
    onEdit: (scope) => setOpened({ kind: 'edit', scope }),
    onDelete: (scope) => setOpened({ kind: 'delete', scope }),
  });
  const close = () => setOpened(undefined);
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <>
      <PageHeader
        title="Scopes"
        description="What applications can be given. A scope of your own means what the system that reads it says."
        actions={
          mayWrite && (
            <Button
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => setOpened({ kind: 'add' })}
            >
              New scope
            </Button>
          )
        }
      />
      <Group mb="sm" gap="xs">
        <SearchField state={state} label="Search names and descriptions" />
        <Text size="sm" c="dimmed" role="status">
          {pages.total === undefined ? '' : plural(pages.total, 'scope')}
        </Text>
        <ClearFilters state={state} />
      </Group>
      {pages.error && !pages.items ? (
        <ErrorState error={pages.error} retry={() => void pages.refetch()} />
      ) : (
        <DataTable
          label="Scopes"
          columns={columns}
          rows={pages.items}
          keyOf={({ name, customer_id }) => `${customer_id ?? ''} ${name}`}
          sort={sort}
          onSort={state.setSort}
          refreshing={pages.isPlaceholderData}
          more={pages.more}
          empty={
            <EmptyState icon={IconShieldOff} title={isFiltered ? 'Nothing matches' : 'No scopes'}>
              {isFiltered && 'Take a filter away, or make it wider.'}
            </EmptyState>
          }
        />
      )}
      {opened?.kind === 'add' && <AddScope onClose={close} />}
      {opened?.kind === 'edit' && <EditScope scope={opened.scope} onClose={close} />}
      {opened?.kind === 'delete' && <DeleteScope scope={opened.scope} onClose={close} />}
    </>
  );
}

function flagOf(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : value === 'true';
}
