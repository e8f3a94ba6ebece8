import { Button, Chip, Collapse, Group, Input, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { DurationField } from '../../ui/duration-field';
import { fieldErrors } from '../../ui/form-errors';
import { ErrorState } from '../../ui/states';
import { durationText } from '../../ui/time-text';
import { ShownOnce } from './shown-once';

const OWN = 'own';
const OVERLAPS = [
  { value: '0', label: 'They end at once' },
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '7 days' },
  { value: OWN, label: 'Another time' },
];

interface Values extends Record<string, unknown> {
  /** Seconds; undefined while it is typed. */
  overlap: number | undefined;
  client_secret: string;
}

/** A new secret beside the old ones, which stay good for as long as whoever uses them needs to change over. */
export function RotateWindow({ clientId, onClose }: { clientId: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [choice, setChoice] = useState('86400');
  const [error, setError] = useState<unknown>();
  const form = useForm<Values>({
    initialValues: { overlap: 86_400, client_secret: '' },
  });
  const { overlap, client_secret: supplied } = form.values;
  const rotation = useMutation({
    gcTime: 0,
    mutationFn: () =>
      body(
        api.POST('/api/v1/clients/{client_id}/secrets', {
          params: { path: { client_id: clientId } },
          body: { overlap: overlap ?? 0, ...(supplied !== '' && { client_secret: supplied }) },
        }),
      ),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['client-secrets', clientId] });
      void queries.invalidateQueries({ queryKey: ['audit-events'] });
    },
    onError: (refusal) => setError(fieldErrors(form, refusal)),
  });
  if (rotation.data)
    return (
      <Modal opened onClose={onClose} title="The new secret" closeOnClickOutside={false}>
        <Stack gap="sm">
          <ShownOnce value={rotation.data.client_secret} what="Client secret">
            <Text size="sm">
              {overlap
                ? `The secrets before it stay good for ${durationText(overlap)}.`
                : 'The secrets before it are refused from now on.'}
            </Text>
          </ShownOnce>
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      </Modal>
    );
  return (
    <Modal opened onClose={onClose} title="Rotate the secret">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setError(undefined);
          if (overlap === undefined) form.setFieldError('overlap', 'Say how long.');
          else rotation.mutate();
        }}
      >
        <Stack gap="md">
          <Text size="sm">The application gets a new secret. How long do the old ones stay good?</Text>
          <Input.Wrapper labelElement="div" error={choice === OWN ? undefined : form.errors.overlap}>
            <Chip.Group
              value={choice}
              onChange={(next) => {
                setChoice(next as string);
                if (next !== OWN) form.setFieldValue('overlap', Number(next));
              }}
            >
              <Group gap="xs" role="radiogroup" aria-label="How long the old secrets stay good">
                {OVERLAPS.map(({ value, label }) => (
                  <Chip key={value} value={value}>
                    {label}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
          </Input.Wrapper>
          {choice === OWN && (
            <DurationField
              label="The old secrets stay good for"
              description="A year at most."
              {...form.getInputProps('overlap')}
            />
          )}
          <SuppliedSecret {...form.getInputProps('client_secret')} />
          {error !== undefined && <ErrorState error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={rotation.isPending}>
              Make a new secret
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function SuppliedSecret(field: object) {
  const [open, setOpen] = useState(false);
  return (
    <div>
      {!open && (
        <Button variant="subtle" size="compact-sm" onClick={() => setOpen(true)}>
          Supply the secret yourself
        </Button>
      )}
      <Collapse expanded={open}>
        <TextInput
          label="New secret"
          description="16 to 256 printable ASCII characters. Left empty, a better one is generated."
          type="password"
          autoComplete="off"
          classNames={{ input: 'mono' }}
          {...field}
        />
      </Collapse>
    </div>
  );
}
