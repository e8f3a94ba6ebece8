import { PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import type { Role } from '../../session/roles';
import { useSession } from '../../session/session';
import { say } from '../../ui/act';
import { FormWindow } from '../../ui/form-window';
import { CustomerField } from './customer-field';
import { RoleField } from './role-field';

interface Values extends Record<string, unknown> {
  username: string;
  password: string;
  email: string;
  role: Role;
  customer_id: string | null;
}

export function AddOperator({ onClose }: { onClose(): void }) {
  const client = useQueryClient();
  const { account, can } = useSession();
  const form = useForm<Values>({
    initialValues: {
      username: '',
      password: '',
      email: '',
      role: 'user',
      customer_id: account.customer_id,
    },
    validate: {
      username: (username) => (username.trim() === '' ? 'Give him a username' : null),
      password: (password) => (password.length < 12 ? 'Takes 12 characters or more' : null),
    },
  });
  return (
    <FormWindow
      title="Add operator"
      form={form}
      action="Add operator"
      onClose={onClose}
      submit={async ({ username, password, email, role, customer_id }) => {
        await api.POST('/api/v1/operators', {
          body: {
            username: username.trim(),
            password,
            role,
            active: true,
            ...(email.trim() === '' ? {} : { email: email.trim() }),
            ...(can('customers:write') && customer_id ? { customer_id } : {}),
          },
        });
        await client.invalidateQueries({ queryKey: ['operators'] });
        say(`${username.trim()} can sign in.`);
      }}
    >
      <TextInput
        label="Username"
        description="What he signs in with. It cannot be changed later."
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        data-autofocus
        withAsterisk
        {...form.getInputProps('username')}
      />
      <PasswordInput
        label="Password"
        description="12 characters or more. Hand it to him yourself; he can change it under My account."
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }}
        withAsterisk
        {...form.getInputProps('password')}
      />
      <TextInput label="Email" type="email" autoComplete="off" {...form.getInputProps('email')} />
      <RoleField {...form.getInputProps('role')} />
      {can('customers:write') && <CustomerField {...form.getInputProps('customer_id')} />}
    </FormWindow>
  );
}
