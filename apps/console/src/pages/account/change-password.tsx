import { Button, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { useSession } from '../../session/session';
import { say } from '../../ui/act';
import { fieldErrors } from '../../ui/form-errors';
import { Section } from '../../ui/section';
import { ErrorState } from '../../ui/states';

const EMPTY = { current_password: '', new_password: '', again: '' };
const TOGGLE = { 'aria-label': 'Show or hide the password', tabIndex: 0 };

export function ChangePassword() {
  const { account } = useSession();
  const client = useQueryClient();
  const [rest, setRest] = useState<unknown>();
  const form = useForm({
    initialValues: EMPTY,
    validate: {
      current_password: (password) => (password === '' ? 'Type the one that you have now' : null),
      new_password: (password) => (password.length < 12 ? 'Takes 12 characters or more' : null),
      again: (again, { new_password }) => (again === new_password ? null : 'Is not the same'),
    },
  });
  const change = useMutation({
    mutationFn: ({ current_password, new_password }: typeof EMPTY) =>
      api.PUT('/api/v1/account/password', { body: { current_password, new_password } }),
    gcTime: 0,
    onMutate: () => setRest(undefined),
    onSuccess: () => {
      form.reset();
      say('Your password is changed. Every other browser is signed out.');
      return client.invalidateQueries({ queryKey: ['account', 'sessions'] });
    },
    onError: (error) => setRest(fieldErrors(form, error)),
  });
  return (
    <Section title="Password" description="A new one signs you out of every other browser.">
      <form noValidate onSubmit={form.onSubmit((values) => change.mutate(values))}>
        <Stack gap="sm">
          {rest !== undefined && <ErrorState error={rest} />}
          {/* For password managers, which else do not know whose it is. */}
          <input
            type="text"
            name="username"
            autoComplete="username"
            value={account.username}
            readOnly
            hidden
          />
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            visibilityToggleButtonProps={TOGGLE}
            {...form.getInputProps('current_password')}
          />
          <PasswordInput
            label="New password"
            description="12 characters or more. Length is what counts."
            autoComplete="new-password"
            visibilityToggleButtonProps={TOGGLE}
            {...form.getInputProps('new_password')}
          />
          <PasswordInput
            label="New password again"
            autoComplete="new-password"
            visibilityToggleButtonProps={TOGGLE}
            {...form.getInputProps('again')}
          />
          <div>
            <Button type="submit" loading={change.isPending}>
              Change password
            </Button>
          </div>
        </Stack>
      </form>
    </Section>
  );
}
