import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api } from '../../api/client';
import { Problem } from '../../api/problem';
import { say } from '../../ui/act';
import { ErrorState } from '../../ui/states';
import { LEAVE_ANYWAY } from '../../ui/unsaved';
import { LiveTokens } from './live-tokens';
import { applicationKey, type Application } from './use-application';

/** Asks for the name, as this cannot be undone, and says what will end. */
export function DeleteWindow({ application, onClose }: { application: Application; onClose: () => void }) {
  const { client, etag } = application;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const deletion = useMutation({
    mutationFn: () =>
      api.DELETE('/api/v1/clients/{client_id}', {
        params: {
          path: { client_id: client.client_id },
          header: etag === undefined ? {} : { 'If-Match': etag },
        },
      }),
    onSuccess: async () => {
      // What this page shows is gone: only the next page asks anew.
      for (const noun of ['clients', 'tokens', 'audit-events'])
        void queries.invalidateQueries({ queryKey: [noun], refetchType: 'none' });
      await navigate('/applications', { state: LEAVE_ANYWAY });
      say(`“${client.name}” is deleted.`);
    },
    onError: (error) => {
      // The next attempt is about what it is by now.
      if (error instanceof Problem && error.isConflict)
        void queries.invalidateQueries({ queryKey: applicationKey(client.client_id) });
    },
  });
  return (
    <Modal opened onClose={onClose} title="Delete this application?" size="md">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === client.name) deletion.mutate();
        }}
      >
        <Stack gap="sm">
          <Text size="sm">
            Its secrets and all its tokens end for good, even if the client id is used again.{' '}
            <LiveTokens clientId={client.client_id} /> This cannot be undone.
          </Text>
          <TextInput
            label={
              <>
                Type <b>{client.name}</b> to confirm
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          {deletion.error && <ErrorState error={deletion.error} />}
          <Group justify="flex-end" gap="xs" mt="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color="red" disabled={typed !== client.name} loading={deletion.isPending}>
              Delete the application
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
