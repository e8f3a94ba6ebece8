import { Button, Drawer, Group, Skeleton, Stack } from '@mantine/core';
import { IconBan } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApplicationNames } from '../../api/application-names';
import { api, body } from '../../api/client';
import { useSession } from '../../session/session';
import { useStepUpAsked } from '../../session/use-step-up-asked';
import { ask, say, sayError } from '../../ui/act';
import { ScopeBadges, StatusBadge } from '../../ui/badges';
import { CopyableText } from '../../ui/copyable';
import { FieldList } from '../../ui/field-list';
import { ErrorState } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { RevealToken } from './reveal-token';
import { ApplicationLink, GRANT_TYPES } from './token-columns';
import { revokeToken, type Token } from './tokens';

/** One token with all that is on record of it, and what can be done with it. */
export function TokenDrawer({ id, onClose }: { id: string | null; onClose(): void }) {
  const isAsked = useStepUpAsked();
  return (
    <Drawer
      opened={id !== null}
      onClose={onClose}
      // Escape is for the window above it.
      closeOnEscape={!isAsked}
      position="right"
      size="lg"
      title="Access token"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {id !== null && <Details key={id} id={id} />}
    </Drawer>
  );
}

function Details({ id }: { id: string }) {
  const { account, can } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: ['tokens', 'one', id],
    queryFn: () => body(api.GET('/api/v1/tokens/{id}', { params: { path: { id } } })),
  });
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton height={320} />;
  return (
    <Stack gap="lg">
      <TokenFields token={data} />
      {can('credentials:reveal') && account.vault && <RevealToken id={id} />}
      {can('tokens:write') && data.status === 'active' && <RevokeOne token={data} />}
    </Stack>
  );
}

function TokenFields({ token }: { token: Token }) {
  const names = useApplicationNames();
  return (
    <FieldList
      fields={[
        { label: 'Token', value: <span className="mono">{token.hint}</span> },
        { label: 'Status', value: <StatusBadge status={token.status} /> },
        {
          label: 'Application',
          value: <ApplicationLink clientId={token.client_id} name={names?.get(token.client_id)} />,
        },
        { label: 'Client id', value: <CopyableText value={token.client_id} what="client id" /> },
        { label: 'Customer', value: token.customer_id },
        { label: 'Id', value: <CopyableText value={token.id} what="id" /> },
        { label: 'Format', value: token.format === 'jwt' ? 'JWT' : 'Opaque' },
        {
          label: 'Bound to a key',
          value: token.dpop_jkt ? <CopyableText value={token.dpop_jkt} what="key’s thumbprint" /> : 'no',
        },
        { label: 'Good at', value: token.audience?.join(', ') ?? 'Postern itself' },
        { label: 'Scopes', value: <ScopeBadges scopes={token.scopes} most={Infinity} /> },
        { label: 'Came by', value: GRANT_TYPES[token.grant_type] },
        { label: 'Speaks for', value: token.subject ?? '–' },
        { label: 'Note', value: token.note ?? '–' },
        { label: 'Issued by', value: token.issued_by },
        { label: 'Issued', value: <TimeText at={token.issued_at} form="date" /> },
        { label: 'Expires', value: <TimeText at={token.expires_at} form="date" /> },
        { label: 'Last used', value: <TimeText at={token.last_used_at} never="Never" /> },
        { label: 'Last used from', value: token.last_used_ip ?? '–' },
        { label: 'Revoked', value: <TimeText at={token.revoked_at} form="date" never="–" /> },
      ]}
    />
  );
}

function RevokeOne({ token: { id, hint } }: { token: Token }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeToken(id),
    onSuccess: async () => {
      say(`The token ${hint} is revoked.`);
      await queries.invalidateQueries({ queryKey: ['tokens'] });
    },
    onError: sayError,
  });
  const confirm = () =>
    ask({
      title: 'Revoke this token',
      children: `${hint} is refused from the next call on. This cannot be undone.`,
      action: 'Revoke',
      onConfirm: () => revoke.mutate(),
    });
  return (
    <Group>
      <Button
        color="red"
        variant="light"
        leftSection={<IconBan size={16} aria-hidden />}
        loading={revoke.isPending}
        onClick={confirm}
      >
        Revoke
      </Button>
    </Group>
  );
}
