import { Alert, Modal, PasswordInput, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { ifMatch, type Tagged } from '../../api/tagged';
import { useSession } from '../../session/session';
import { say } from '../../ui/act';
import { FormWindow } from '../../ui/form-window';
import { ErrorState, LoadingPage } from '../../ui/states';
import { readOperator, type Operator } from './operators';
import { RoleField } from './role-field';

/** Reads the person as he is now, and his ETag, before anything of him is changed. */
export function EditOperator({ id, onClose }: { id: string; onClose(): void }) {
  const read = useQuery({
    queryKey: ['operators', 'one', id],
    queryFn: () => readOperator(id),
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  if (read.data) return <EditForm first={read.data} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title="Edit operator" closeButtonProps={{ 'aria-label': 'Close' }}>
      {read.error ? <ErrorState error={read.error} retry={() => void read.refetch()} /> : <LoadingPage />}
    </Modal>
  );
}

const valuesOf = ({ email, role, active }: Operator) => ({ email: email ?? '', role, active, password: '' });

function EditForm({ first, onClose }: { first: Tagged<Operator>; onClose(): void }) {
  const client = useQueryClient();
  const { account } = useSession();
  const [{ data: operator, etag }, setRead] = useState(first);
  const { id, username } = operator;
  const form = useForm({
    initialValues: valuesOf(operator),
    validate: {
      password: (password) =>
        password !== '' && password.length < 12 ? 'Takes 12 characters or more' : null,
    },
  });
  /** What was not touched here becomes what it is by now. */
  const reload = async () => {
    const next = await readOperator(id);
    const kept = changesOf(form.getValues(), operator);
    setRead(next);
    form.setValues({ ...valuesOf(next.data), ...kept, email: kept.email ?? next.data.email ?? '' });
  };
  const { active, password } = form.values;
  return (
    <FormWindow
      title={`Edit ${username}`}
      form={form}
      action="Save"
      onClose={onClose}
      reload={reload}
      submit={async (values) => {
        const { email, ...changes } = changesOf(values, operator);
        await api.PATCH('/api/v1/operators/{id}', {
          params: { path: { id }, header: ifMatch(etag) },
          body: { ...changes, ...(email === undefined ? {} : { email: email === '' ? null : email }) },
        });
        await client.invalidateQueries({ queryKey: ['operators', 'list'] });
        say(`${username} is saved.`);
      }}
    >
      <TextInput
        label="Email"
        type="email"
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('email')}
      />
      <RoleField {...form.getInputProps('role')} />
      <Switch label="May sign in" {...form.getInputProps('active', { type: 'checkbox' })} />
      <PasswordInput
        label="New password"
        description="Leave it empty, and he keeps the one that he has."
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }}
        {...form.getInputProps('password')}
      />
      {operator.active && !active && (
        <Alert color="orange" variant="light">
          His sessions, his tokens and what he allowed to applications end at once.
          {id === account.id && ' That is you: you are signed out.'}
        </Alert>
      )}
      {active && password !== '' && (
        <Alert color="orange" variant="light">
          A new password signs him out of every browser.
        </Alert>
      )}
    </FormWindow>
  );
}

type Values = ReturnType<typeof valuesOf>;

/** What differs from what was read: nothing else is sent. */
function changesOf({ email, role, active, password }: Values, operator: Operator): Partial<Values> {
  return {
    ...(email.trim() === (operator.email ?? '') ? {} : { email: email.trim() }),
    ...(role === operator.role ? {} : { role }),
    ...(active === operator.active ? {} : { active }),
    ...(password === '' ? {} : { password }),
  };
}
