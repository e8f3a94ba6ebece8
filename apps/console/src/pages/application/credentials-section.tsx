import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconEye, IconLockOpen, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import type { components } from '../../api/schema';
import { ask, say, sayError } from '../../ui/act';
import { StatusBadge } from '../../ui/badges';
import { CopyableText } from '../../ui/copyable';
import { DataTable, type DataColumn } from '../../ui/data-table';
import { EmptyState, ErrorState } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { BY_KEY, noSecretBecause } from './assurance/authentication';
import { PublicKeys } from './assurance/public-keys';
import { Deed } from './deed';
import { RevealWindow } from './reveal-window';
import { RotateWindow } from './rotate-window';
import type { Application, Rights } from './use-application';

type Secret = components['schemas']['ClientSecretDto'];

/** What it proves who it is with. */
export function CredentialsSection({ application, rights }: { application: Application; rights: Rights }) {
  const { client_id, token_endpoint_auth_method, jwks } = application.client;
  const noSecret = noSecretBecause(token_endpoint_auth_method);
  const [rotating, setRotating] = useState(false);
  const [looking, setLooking] = useState<Secret>();
  const path = { client_id };
  const secrets = useQuery({
    queryKey: ['client-secrets', client_id],
    queryFn: () => body(api.GET('/api/v1/clients/{client_id}/secrets', { params: { path } })),
  });
  const remove = useRemoval(client_id);
  return (
    <Stack gap="lg">
      <div>
        <Text size="sm" c="dimmed">
          Client id
        </Text>
        <CopyableText value={client_id} what="client id" />
      </div>
      {(token_endpoint_auth_method === BY_KEY || jwks) && <PublicKeys jwks={jwks} />}
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h5">
            Client secrets
          </Title>
          {rights.manage && noSecret === undefined && (
            <Button leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => setRotating(true)}>
              Rotate the secret
            </Button>
          )}
        </Group>
        {secrets.error ? (
          <ErrorState error={secrets.error} retry={() => void secrets.refetch()} />
        ) : (
          <DataTable
            label="Client secrets"
            columns={columnsOf(rights, { look: setLooking, remove })}
            rows={secrets.data?.items}
            keyOf={({ id }) => id}
            empty={
              <EmptyState
                icon={IconLockOpen}
                title={noSecret === undefined ? 'It has no secret' : 'There is no secret to rotate'}
              >
                {noSecret ?? 'It cannot authenticate until it is given one.'}
              </EmptyState>
            }
          />
        )}
      </Stack>
      {rotating && <RotateWindow clientId={client_id} onClose={() => setRotating(false)} />}
      {looking && (
        <RevealWindow
          what="Client secret"
          reveal={async () => {
            const params = { path: { client_id, id: looking.id } };
            const answer = api.POST('/api/v1/clients/{client_id}/secrets/{id}/reveal', { params });
            return (await body(answer)).client_secret;
          }}
          onClose={() => setLooking(undefined)}
        />
      )}
    </Stack>
  );
}

function useRemoval(clientId: string) {
  const queries = useQueryClient();
  return (secret: Secret) =>
    ask({
      title: 'Delete this secret?',
      children: 'Whoever still uses it is refused from now on. Tokens that it gave live on.',
      action: 'Delete the secret',
      onConfirm: () => {
        const params = { path: { client_id: clientId, id: secret.id } };
        api
          .DELETE('/api/v1/clients/{client_id}/secrets/{id}', { params })
          .then(() => say('The secret is deleted.'), sayError)
          .finally(() => {
            void queries.invalidateQueries({ queryKey: ['client-secrets', clientId] });
            void queries.invalidateQueries({ queryKey: ['audit-events'] });
          });
      },
    });
}

function columnsOf(
  { manage, reveal }: Rights,
  { look, remove }: { look(secret: Secret): void; remove(secret: Secret): void },
): DataColumn<Secret>[] {
  const deeds: DataColumn<Secret> = {
    id: 'deeds',
    header: 'Actions',
    align: 'right',
    cell: (secret) => (
      <Group gap={4} justify="flex-end" wrap="nowrap">
        {reveal && <Deed label="Look at the secret" icon={IconEye} onClick={() => look(secret)} />}
        {manage && <Deed label="Delete the secret" icon={IconTrash} onClick={() => remove(secret)} />}
      </Group>
    ),
  };
  return [
    { id: 'id', header: 'Id', fixed: true, cell: ({ id }) => <CopyableText value={id} what="id" /> },
    { id: 'status', header: 'Status', cell: (secret) => <StatusBadge status={standingOf(secret)} /> },
    { id: 'created', header: 'Created', cell: ({ created_at }) => <TimeText at={created_at} /> },
    {
      id: 'expires',
      header: 'Expires',
      cell: ({ expires_at }) => <TimeText at={expires_at} never="never" />,
    },
    {
      id: 'last_used',
      header: 'Last used',
      cell: ({ last_used_at }) => <TimeText at={last_used_at} never="never" />,
    },
    ...(manage || reveal ? [deeds] : []),
  ];
}

function standingOf({ expires_at }: Secret): string {
  if (expires_at === null) return 'active';
  return Date.parse(expires_at) <= Date.now() ? 'expired' : 'expiring';
}
