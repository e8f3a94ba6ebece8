import { Box, Button, Group, Text } from '@mantine/core';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { usePages } from '../../api/use-pages';
import { isAbove } from '../../session/roles';
import { useSession } from '../../session/session';
import { ColumnChooser } from '../../ui/column-chooser';
import { DataTable } from '../../ui/data-table';
import { ClearFilters } from '../../ui/filters';
import { useListState } from '../../ui/list-state';
import { PageHeader } from '../../ui/page-header';
import { SearchField } from '../../ui/search-field';
import { EmptyState, ErrorState } from '../../ui/states';
import { plural } from '../../ui/time-text';
import { AddOperator } from './add-operator';
import { DeleteOperator } from './delete-operator';
import { EditOperator } from './edit-operator';
import { operatorColumns } from './operator-columns';
import { listOperators, type Operator } from './operators';
import { SecondFactorOf } from './second-factor-of';
import { SecondFactorPolicy } from './second-factor-policy';

const LIST = {
  sort: 'username',
  filters: ['search', 'username', 'role', 'active', 'second_factor', 'customer_id'],
  hidden: ['created_at'],
};

type Opened = { kind: 'add' } | { kind: 'edit' | 'delete' | 'second-factor'; operator: Operator };

/** The people, and what they may do. */
export default function OperatorsPage() {
  const { account, can } = useSession();
  const state = useListState(LIST);
  const [opened, setOpened] = useState<Opened>();
  const { sort, filters, hidden } = state;
  const pages = usePages(['operators', 'list', { ...filters, sort }], (cursor) =>
    listOperators({ ...filters, sort }, cursor),
  );
  const mayWrite = can('operators:write');
  const mayChange = ({ role }: Operator) => mayWrite && !isAbove(role, account.role);
  const columns = operatorColumns({
    state,
    own: account.id,
    showsCustomer: can('customers:read'),
    mayChange,
    onSecondFactor: (operator) => setOpened({ kind: 'second-factor', operator }),
    onEdit: (operator) => setOpened({ kind: 'edit', operator }),
    onDelete: (operator) => setOpened({ kind: 'delete', operator }),
  });
  const close = () => setOpened(undefined);
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <>
      <PageHeader
        title="Operators"
        description="The people who sign in here, and what each of them may do."
        actions={
          mayWrite && (
            <Button
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => setOpened({ kind: 'add' })}
            >
              Add operator
            </Button>
          )
        }
      />
      <Group mb="sm" gap="xs" justify="space-between">
        <Group gap="xs">
          <SearchField state={state} label="Search usernames and email addresses" />
          <Text size="sm" c="dimmed" role="status">
            {pages.total === undefined ? '' : plural(pages.total, 'operator')}
          </Text>
          <ClearFilters state={state} />
        </Group>
        <ColumnChooser columns={columns} state={state} />
      </Group>
      {pages.error && !pages.items ? (
        <ErrorState error={pages.error} retry={() => void pages.refetch()} />
      ) : (
        <DataTable
          label="Operators"
          columns={columns}
          rows={pages.items}
          keyOf={({ id }) => id}
          sort={sort}
          onSort={state.setSort}
          hidden={hidden}
          refreshing={pages.isPlaceholderData}
          more={pages.more}
          empty={
            <EmptyState icon={IconUsers} title={isFiltered ? 'Nobody matches' : 'Nobody is here yet'}>
              {isFiltered ? 'Take a filter away, or make it wider.' : 'Add who is to sign in.'}
            </EmptyState>
          }
        />
      )}
      <Box mt="md">
        <SecondFactorPolicy />
      </Box>
      {opened?.kind === 'add' && <AddOperator onClose={close} />}
      {opened?.kind === 'edit' && <EditOperator id={opened.operator.id} onClose={close} />}
      {opened?.kind === 'delete' && <DeleteOperator operator={opened.operator} onClose={close} />}
      {opened?.kind === 'second-factor' && (
        <SecondFactorOf operator={opened.operator} mayReset={mayChange(opened.operator)} onClose={close} />
      )}
    </>
  );
}
