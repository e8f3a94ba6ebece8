import { Badge, Group, Text, Tooltip } from '@mantine/core';
import { IconPencil, IconShieldLock, IconTrash } from '@tabler/icons-react';
import { roleInWords, rolesUpTo } from '../../session/roles';
import { StatusBadge } from '../../ui/badges';
import type { DataColumn } from '../../ui/data-table';
import { ChoiceFilter, TextFilter } from '../../ui/filters';
import type { ListState } from '../../ui/list-state';
import { RowActions, type RowAction } from '../../ui/row-actions';
import { TimeText } from '../../ui/time-text';
import type { Operator } from './operators';

const ACTIVE = [
  { value: 'true', label: 'active' },
  { value: 'false', label: 'inactive' },
];
const SECOND_FACTOR = [
  { value: 'true', label: 'yes' },
  { value: 'false', label: 'none' },
];

export function operatorColumns({
  state,
  own,
  showsCustomer,
  mayChange,
  onSecondFactor,
  onEdit,
  onDelete,
}: {
  state: ListState;
  /** The id of who looks. */
  own: string;
  showsCustomer: boolean;
  mayChange(operator: Operator): boolean;
  onSecondFactor(operator: Operator): void;
  onEdit(operator: Operator): void;
  onDelete(operator: Operator): void;
}): DataColumn<Operator>[] {
  const changes = (operator: Operator): RowAction[] => [
    { label: `Edit ${operator.username}`, icon: IconPencil, onClick: () => onEdit(operator) },
    {
      label: `Delete ${operator.username}`,
      icon: IconTrash,
      onClick: () => onDelete(operator),
      danger: true,
    },
  ];
  const columns: (DataColumn<Operator> | false)[] = [
    {
      id: 'username',
      header: 'Username',
      sortBy: 'username',
      fixed: true,
      cell: ({ id, username }) => (
        <Group gap="xs" wrap="nowrap">
          <Text inherit fw={600}>
            {username}
          </Text>
          {id === own && (
            <Badge variant="default" size="sm" tt="none" miw="max-content">
              you
            </Badge>
          )}
        </Group>
      ),
      filter: <TextFilter state={state} name="username" label="username" />,
    },
    { id: 'email', header: 'Email', sortBy: 'email', cell: ({ email }) => email ?? '–' },
    {
      id: 'role',
      header: 'Role',
      sortBy: 'role',
      cell: ({ role }) => (
        <Tooltip label={roleInWords(role)} multiline maw={280}>
          <span>{role}</span>
        </Tooltip>
      ),
      filter: <ChoiceFilter state={state} name="role" label="role" choices={rolesUpTo('owner')} />,
    },
    {
      id: 'active',
      header: 'Status',
      sortBy: 'active',
      cell: ({ active }) => <StatusBadge status={active ? 'active' : 'inactive'} />,
      filter: <ChoiceFilter state={state} name="active" label="status" choices={ACTIVE} />,
    },
    {
      id: 'second_factor',
      header: 'Second factor',
      cell: ({ second_factor }) => (second_factor ? 'yes' : 'none'),
      filter: (
        <ChoiceFilter state={state} name="second_factor" label="second factor" choices={SECOND_FACTOR} />
      ),
    },
    showsCustomer && {
      id: 'customer_id',
      header: 'Customer',
      sortBy: 'customer_id',
      cell: ({ customer_id }) => customer_id,
      filter: <TextFilter state={state} name="customer_id" label="customer" />,
    },
    {
      id: 'last_signed_in_at',
      header: 'Last signed in',
      sortBy: 'last_signed_in_at',
      cell: ({ last_signed_in_at }) => <TimeText at={last_signed_in_at} never="never" />,
    },
    {
      id: 'created_at',
      header: 'Added',
      sortBy: 'created_at',
      cell: ({ created_at }) => <TimeText at={created_at} />,
    },
    {
      id: 'actions',
      header: '',
      fixed: true,
      width: 110,
      cell: (operator) => (
        <RowActions
          actions={[
            {
              label: `Second factor of ${operator.username}`,
              icon: IconShieldLock,
              onClick: () => onSecondFactor(operator),
            },
            ...(mayChange(operator) ? changes(operator) : []),
          ]}
        />
      ),
    },
  ];
  return columns.filter((column) => column !== false);
}
