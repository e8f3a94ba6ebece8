import { Badge, Text } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import type { Scope } from '../../api/scope-catalogue';
import type { DataColumn } from '../../ui/data-table';
import { ChoiceFilter } from '../../ui/filters';
import type { ListState } from '../../ui/list-state';
import { RowActions } from '../../ui/row-actions';
import { TimeText } from '../../ui/time-text';

const KINDS = [
  { value: 'true', label: 'built-in' },
  { value: 'false', label: 'custom' },
];

export function scopeColumns({
  state,
  showsCustomer,
  mayChange,
  onEdit,
  onDelete,
}: {
  state: ListState;
  /** For those who see scopes of more customers than their own. */
  showsCustomer: boolean;
  mayChange(scope: Scope): boolean;
  onEdit(scope: Scope): void;
  onDelete(scope: Scope): void;
}): DataColumn<Scope>[] {
  const columns: (DataColumn<Scope> | false)[] = [
    {
      id: 'name',
      header: 'Name',
      sortBy: 'name',
      fixed: true,
      cell: ({ name }) => (
        <Text inherit className="mono" maw={260} miw={150} style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Text>
      ),
    },
    {
      id: 'description',
      header: 'What it permits',
      cell: ({ description }) => (
        <Text inherit miw={240}>
          {description}
        </Text>
      ),
    },
    {
      id: 'kind',
      header: 'Kind',
      width: 120,
      cell: ({ built_in }) => (
        <Badge variant={built_in ? 'default' : 'light'} tt="none" fw={600} miw="max-content">
          {built_in ? 'built-in' : 'custom'}
        </Badge>
      ),
      filter: <ChoiceFilter state={state} name="built_in" label="kind" choices={KINDS} />,
    },
    showsCustomer && {
      id: 'customer',
      header: 'Customer',
      cell: ({ customer_id }) => customer_id ?? '–',
    },
    {
      id: 'created_at',
      header: 'Created',
      sortBy: 'created_at',
      cell: ({ created_at, built_in }) => (built_in ? '–' : <TimeText at={created_at} />),
    },
    {
      id: 'actions',
      header: '',
      fixed: true,
      width: 80,
      cell: (scope) =>
        mayChange(scope) && (
          <RowActions
            actions={[
              { label: `Edit ${scope.name}`, icon: IconPencil, onClick: () => onEdit(scope) },
              {
                label: `Delete ${scope.name}`,
                icon: IconTrash,
                onClick: () => onDelete(scope),
                danger: true,
              },
            ]}
          />
        ),
    },
  ];
  return columns.filter((column) => column !== false);
}
