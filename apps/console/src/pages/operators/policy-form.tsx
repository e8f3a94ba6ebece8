import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { rolesUpTo, type Role } from '../../session/roles';
import { say } from '../../ui/act';
import { fieldErrors } from '../../ui/form-errors';
import { ErrorState } from '../../ui/states';
import { secondFactorPolicy } from './operators';

/** The roles to choose from. @param required as they are now */
export function PolicyForm({ required }: { required: Role[] }) {
  const client = useQueryClient();
  const [rest, setRest] = useState<unknown>();
  const form = useForm({ initialValues: { required_roles: required } });
  const change = useMutation({
    mutationFn: (required_roles: Role[]) =>
      body(api.PUT('/api/v1/second-factor-policy', { body: { required_roles } })),
    onMutate: () => setRest(undefined),
    onSuccess: async (policy) => {
      client.setQueryData(secondFactorPolicy.queryKey, policy);
      say('Who needs a second factor is saved.');
      await client.invalidateQueries({ queryKey: ['operators', 'second-factor'] });
    },
    onError: (error) => setRest(fieldErrors(form, error)),
  });
  const chosen = form.values.required_roles;
  const added = chosen.filter((role) => !required.includes(role));
  const changed = added.length > 0 || chosen.length !== required.length;
  return (
    <form noValidate onSubmit={form.onSubmit((values) => change.mutate(values.required_roles))}>
      <Stack gap="sm">
        {rest !== undefined && <ErrorState error={rest} />}
        <Checkbox.Group aria-label="Roles" {...form.getInputProps('required_roles')}>
          <Group gap="lg">
            {rolesUpTo('owner').map((role) => (
              <Checkbox key={role} value={role} label={role} />
            ))}
          </Group>
        </Checkbox.Group>
        {added.length > 0 && (
          <Text size="sm">
            Whoever has such a role and no second factor yet is signed out, and sets one up when he signs in
            next.
          </Text>
        )}
        <Group>
          <Button type="submit" disabled={!changed} loading={change.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
