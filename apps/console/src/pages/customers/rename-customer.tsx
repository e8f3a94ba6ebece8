import { Modal, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { ifMatch, tagged, type Tagged } from '../../api/tagged';
import { say } from '../../ui/act';
import { FormWindow } from '../../ui/form-window';
import { ErrorState, LoadingPage } from '../../ui/states';
import type { Customer } from './customer-columns';

function readCustomer(customer_id: string): Promise<Tagged<Customer>> {
  return tagged(api.GET('/api/v1/customers/{customer_id}', { params: { path: { customer_id } } }));
}

/** Reads the customer as it is now, and its ETag, before it is renamed. */
export function RenameCustomer({ id, onClose }: { id: string; onClose(): void }) {
  const read = useQuery({
    queryKey: ['customers', 'one', id],
    queryFn: () => readCustomer(id),
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  if (read.data) return <RenameForm first={read.data} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title="Rename customer" closeButtonProps={{ 'aria-label': 'Close' }}>
      {read.error ? <ErrorState error={read.error} retry={() => void read.refetch()} /> : <LoadingPage />}
    </Modal>
  );
}

function RenameForm({ first, onClose }: { first: Tagged<Customer>; onClose(): void }) {
  const client = useQueryClient();
  const [{ data: customer, etag }, setRead] = useState(first);
  const { customer_id } = customer;
  const form = useForm({
    initialValues: { name: customer.name },
    validate: { name: (name) => (name.trim() === '' ? 'Give it a name' : null) },
  });
  return (
    <FormWindow
      title={`Rename ${customer_id}`}
      form={form}
      action="Rename"
      onClose={onClose}
      reload={async () => setRead(await readCustomer(customer_id))}
      submit={async ({ name }) => {
        await api.PATCH('/api/v1/customers/{customer_id}', {
          params: { path: { customer_id }, header: ifMatch(etag) },
          body: { name: name.trim() },
        });
        await client.invalidateQueries({ queryKey: ['customers', 'list'] });
        say(`${customer_id} is now called ${name.trim()}.`);
      }}
    >
      <TextInput
        label="Name"
        description={`It is called “${customer.name}” now. Its id stays.`}
        data-autofocus
        withAsterisk
        {...form.getInputProps('name')}
      />
    </FormWindow>
  );
}
