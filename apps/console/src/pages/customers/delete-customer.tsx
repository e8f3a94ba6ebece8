import { Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import { say } from '../../ui/act';
import { ConfirmWindow } from '../../ui/confirm-window';
import type { Customer } from './customer-columns';

export function DeleteCustomer({
  customer: { customer_id, name },
  onClose,
}: {
  customer: Customer;
  onClose(): void;
}) {
  const client = useQueryClient();
  return (
    <ConfirmWindow
      title={`Delete ${customer_id}?`}
      action="Delete customer"
      onClose={onClose}
      act={async () => {
        await api.DELETE('/api/v1/customers/{customer_id}', { params: { path: { customer_id } } });
        await client.invalidateQueries({ queryKey: ['customers'] });
        say(`${name} is deleted.`);
      }}
      wayOn={<Text size="sm">Delete its applications, people, scopes and PAM data first.</Text>}
    >
      {name} can be deleted once nothing belongs to it: no application, no person, no scope of its own, no PAM
      data. What was done stays in the audit log.
    </ConfirmWindow>
  );
}
