import {
  Button,
  Checkbox,
  Chip,
  Group,
  Input,
  Modal,
  ScrollArea,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import type { components } from '../../api/schema';
import { PAM_NAMES } from '../../app/pages';
import { DateTimeField } from '../../ui/date-time-field';
import { fieldErrors } from '../../ui/form-errors';
import { ErrorState } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { CallExample } from './call-example';
import { ShownOnce } from './shown-once';
import type { Client } from './use-application';

const DAY = 86_400;
const OWN = 'own';
const LIFETIMES = [
  { value: '3600', label: '1 hour' },
  { value: String(DAY), label: '1 day' },
  { value: String(30 * DAY), label: '30 days' },
  { value: String(90 * DAY), label: '90 days' },
  { value: String(365 * DAY), label: '1 year' },
  { value: OWN, label: 'A date and time' },
];

interface Values extends Record<string, unknown> {
  expires_in: string;
  expires_at: string | null;
  scopes: string[];
  note: string;
}

/** Hands out an access token, for an application that cannot fetch its own. */
export function NewTokenWindow({ client, onClose }: { client: Client; onClose: () => void }) {
  const queries = useQueryClient();
  const [opened] = useState(() => new Date());
  const [error, setError] = useState<unknown>();
  const form = useForm<Values>({
    initialValues: { expires_in: String(30 * DAY), expires_at: null, scopes: client.scopes, note: '' },
    validate: {
      expires_at: (at, { expires_in }) => (expires_in === OWN && !at ? 'Choose when it expires.' : null),
      scopes: (scopes) => (scopes.length === 0 ? 'Choose at least one scope.' : null),
    },
  });
  const handingOut = useMutation({
    gcTime: 0,
    mutationFn: (values: Values) =>
      body(
        api.POST('/api/v1/clients/{client_id}/tokens', {
          params: { path: { client_id: client.client_id } },
          body: requestOf(values),
        }),
      ),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['tokens'] });
      void queries.invalidateQueries({ queryKey: ['audit-events'] });
    },
    onError: (refusal) => setError(fieldErrors(form, refusal)),
  });
  if (handingOut.data) return <HandedOut token={handingOut.data} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title="New access token" size="lg">
      <form
        noValidate
        onSubmit={form.onSubmit((values) => {
          setError(undefined);
          handingOut.mutate(values);
        })}
      >
        <Stack gap="md">
          <Input.Wrapper label="Expires" labelElement="div" error={form.errors.expires_in}>
            <Chip.Group {...form.getInputProps('expires_in')}>
              <Group gap="xs" mt={4} role="radiogroup" aria-label="Expires">
                {LIFETIMES.map(({ value, label }) => (
                  <Chip key={value} value={value}>
                    {label}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
          </Input.Wrapper>
          {form.values.expires_in === OWN && (
            <DateTimeField
              label="Expires at"
              description="In your time zone, five years ahead at most."
              placeholder="Choose a date and time"
              earliest={opened}
              {...form.getInputProps('expires_at')}
            />
          )}
          <ScopesOfClient scopes={client.scopes} {...form.getInputProps('scopes')} />
          <TextInput
            label="Note"
            description="What it is for, and who gets it."
            maxLength={500}
            {...form.getInputProps('note')}
          />
          {error !== undefined && <ErrorState error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={handingOut.isPending}>
              Make the token
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function ScopesOfClient({
  scopes,
  ...field
}: {
  scopes: string[];
  value?: string[];
  onChange?: (scopes: string[]) => void;
}) {
  return (
    <Checkbox.Group label="Scopes" description="A token can have fewer than its application." {...field}>
      <ScrollArea.Autosize mah={180} mt={6} type="auto" offsetScrollbars>
        <Stack gap={6}>
          {scopes.map((scope) => (
            <Checkbox key={scope} size="xs" value={scope} label={<span className="mono">{scope}</span>} />
          ))}
        </Stack>
      </ScrollArea.Autosize>
    </Checkbox.Group>
  );
}

function HandedOut({
  token,
  onClose,
}: {
  token: components['schemas']['HandedOutTokenDto'];
  onClose: () => void;
}) {
  return (
    <Modal opened onClose={onClose} title="The new access token" size="lg" closeOnClickOutside={false}>
      <Stack gap="sm">
        <ShownOnce value={token.access_token} what="Access token">
          <Text size="sm">
            It expires <TimeText at={token.expires_at} form="date" />.
          </Text>
          <CallExample token={token.access_token} path={pathFor(token.scopes)} />
        </ShownOnce>
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function requestOf({ expires_in, expires_at, scopes, note }: Values) {
  return {
    ...(expires_in === OWN ? { expires_at: expires_at ?? undefined } : { expires_in: Number(expires_in) }),
    scopes,
    ...(note.trim() !== '' && { note: note.trim() }),
  };
}

/** Something that the token may read. */
function pathFor(scopes: readonly string[]): string {
  const name = PAM_NAMES.find((one) => scopes.includes(`${one}:read`));
  return name ? `/pam/v1/${name}` : '/api/v1/clients';
}
