import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import type { components } from '../../api/schema';
import { FormWindow } from '../../ui/form-window';
import { DefaultClients } from './default-clients';

type Created = components['schemas']['CreatedCustomerDto'];

/** Asks for id and name; then shows the secrets of the two clients that the customer begins with. */
export function AddCustomer({ onClose }: { onClose(): void }) {
  const client = useQueryClient();
  const [created, setCreated] = useState<Created>();
  const [isDone, setDone] = useState(false);
  const form = useForm({
    initialValues: { customer_id: '', name: '' },
    transformValues: ({ customer_id, name }) => ({ customer_id: customer_id.trim(), name: name.trim() }),
    validate: {
      customer_id: (id) => (id.trim() === '' ? 'Give it an id' : null),
      name: (name) => (name.trim() === '' ? 'Give it a name' : null),
    },
  });
  if (created && isDone) return <DefaultClients customer={created} onClose={onClose} />;
  return (
    <FormWindow
      title="Add customer"
      form={form}
      action="Add customer"
      onClose={onClose}
      onDone={() => setDone(true)}
      submit={async (customer) => {
        const answer = await body(api.POST('/api/v1/customers', { body: customer }));
        await client.invalidateQueries({ queryKey: ['customers'] });
        setCreated(answer);
      }}
    >
      <TextInput
        label="Customer id"
        description="Names it in everything that belongs to it. It cannot be changed later."
        placeholder="20002"
        spellCheck={false}
        autoCapitalize="none"
        data-autofocus
        withAsterisk
        {...form.getInputProps('customer_id')}
      />
      <TextInput
        label="Name"
        placeholder="Example Corporation"
        withAsterisk
        {...form.getInputProps('name')}
      />
    </FormWindow>
  );
}
