import { Button, Group, Text } from '@mantine/core';
import { IconBuilding, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { api, body } from '../../api/client';
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
import { AddCustomer } from './add-customer';
import { customerColumns, type Customer } from './customer-columns';
import { DeleteCustomer } from './delete-customer';
import { RenameCustomer } from './rename-customer';

const LIST = { sort: 'customer_id', filters: ['search'] };
const PAGE = 100;

type Sort = NonNullable<operations['listCustomers']['parameters']['query']>['sort'];
type Opened = { kind: 'add' } | { kind: 'rename' | 'delete'; customer: Customer };

/** The tenants: whose everything is. */
export default function CustomersPage() {
  const { account, can } = useSession();
  const state = useListState(LIST);
  const [opened, setOpened] = useState<Opened>();
  const { sort, filters } = state;
  const { search } = filters;
  const pages = usePages(['customers', 'list', { search, sort }], (cursor) =>
    body(
      api.GET('/api/v1/customers', {
        params: { query: { search, sort: sort as Sort, cursor, limit: PAGE, count: true } },
      }),
    ),
  );
  const mayWrite = can('customers:write');
  const columns = customerColumns({
    own: account.customer_id,
    mayWrite,
    onRename: (customer) => setOpened({ kind: 'rename', customer }),
    onDelete: (customer) => setOpened({ kind: 'delete', customer }),
  });
  const close = () => setOpened(undefined);
  return (
    <>
      <PageHeader
        title="Customers"
        description="The tenants. Each has applications, people, scopes and PAM data of its own."
        actions={
          mayWrite && (
            <Button
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => setOpened({ kind: 'add' })}
            >
              Add customer
            </Button>
          )
        }
      />
      <Group mb="sm" gap="xs">
        <SearchField state={state} label="Search ids and names" />
        <Text size="sm" c="dimmed" role="status">
          {pages.total === undefined ? '' : plural(pages.total, 'customer')}
        </Text>
        <ClearFilters state={state} />
      </Group>
      {pages.error && !pages.items ? (
        <ErrorState error={pages.error} retry={() => void pages.refetch()} />
      ) : (
        <DataTable
          label="Customers"
          columns={columns}
          rows={pages.items}
          keyOf={({ customer_id }) => customer_id}
          sort={sort}
          onSort={state.setSort}
          refreshing={pages.isPlaceholderData}
          more={pages.more}
          empty={
            <EmptyState icon={IconBuilding} title={search ? 'Nothing matches' : 'No customers'}>
              {search && 'Search for less.'}
            </EmptyState>
          }
        />
      )}
      {opened?.kind === 'add' && <AddCustomer onClose={close} />}
      {opened?.kind === 'rename' && <RenameCustomer id={opened.customer.customer_id} onClose={close} />}
      {opened?.kind === 'delete' && <DeleteCustomer customer={opened.customer} onClose={close} />}
    </>
  );
}
