import { Badge, Group } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import type { components } from '../../api/schema';
import { CopyableText } from '../../ui/copyable';
import type { DataColumn } from '../../ui/data-table';
import { RowActions } from '../../ui/row-actions';
import { TimeText } from '../../ui/time-text';

export type Customer = components['schemas']['CustomerDto'];

export function customerColumns({
  own,
  mayWrite,
  onRename,
  onDelete,
}: {
  /** Whose the one who looks is. */
  own: string;
  mayWrite: boolean;
  onRename(customer: Customer): void;
  onDelete(customer: Customer): void;
}): DataColumn<Customer>[] {
  const columns: (DataColumn<Customer> | false)[] = [
    {
      id: 'customer_id',
      header: 'Customer id',
      sortBy: 'customer_id',
      fixed: true,
      cell: ({ customer_id }) => (
        <Group gap="xs" wrap="nowrap">
          <CopyableText value={customer_id} what="customer id" />
          {customer_id === own && (
            <Badge variant="default" size="sm" tt="none" miw="max-content">
              yours
            </Badge>
          )}
        </Group>
      ),
    },
    { id: 'name', header: 'Name', sortBy: 'name', cell: ({ name }) => name },
    {
      id: 'created_at',
      header: 'Added',
      sortBy: 'created_at',
      cell: ({ created_at }) => <TimeText at={created_at} />,
    },
    {
      id: 'updated_at',
      header: 'Changed',
      cell: ({ updated_at }) => <TimeText at={updated_at} />,
    },
    mayWrite && {
      id: 'actions',
      header: '',
      fixed: true,
      width: 80,
      cell: (customer) => (
        <RowActions
          actions={[
            { label: `Rename ${customer.customer_id}`, icon: IconPencil, onClick: () => onRename(customer) },
            {
              label: `Delete ${customer.customer_id}`,
              icon: IconTrash,
              onClick: () => onDelete(customer),
              danger: true,
            },
          ]}
        />
      ),
    },
  ];
  return columns.filter((column) => column !== false);
}
