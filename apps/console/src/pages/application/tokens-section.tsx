import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconBan, IconKeyOff, IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api, body } from '../../api/client';
import type { operations } from '../../api/schema';
import { usePages } from '../../api/use-pages';
import { ask, say, sayError } from '../../ui/act';
import { DataTable } from '../../ui/data-table';
import { ClearFilters } from '../../ui/filters';
import { useListState } from '../../ui/list-state';
import { EmptyState, ErrorState } from '../../ui/states';
import { LiveTokens } from './live-tokens';
import { NewTokenWindow } from './new-token-window';
import { RevealWindow } from './reveal-window';
import { tokenColumns, type Token } from './token-columns';
import type { Application, Rights } from './use-application';

type TokenQuery = NonNullable<operations['listClientTokens']['parameters']['query']>;

const LIST = { sort: '-issued_at', filters: ['status', 'grant_type'] };

/** The access tokens of one application. */
export function TokensSection({ application, rights }: { application: Application; rights: Rights }) {
  const { client } = application;
  const state = useListState(LIST);
  const query = { ...state.filters, sort: state.sort } as TokenQuery;
  const tokens = usePages(['tokens', 'of', client.client_id, query], (cursor) =>
    body(
      api.GET('/api/v1/clients/{client_id}/tokens', {
        params: { path: { client_id: client.client_id }, query: { ...query, cursor } },
      }),
    ),
  );
  const [adding, setAdding] = useState(false);
  const [looking, setLooking] = useState<Token>();
  const { revoke, revokeAll } = useRevocations(client.client_id);
  const columns = useMemo(
    () => tokenColumns(state, rights, { look: setLooking, revoke }),
    [state, rights, revoke],
  );
  const filtered = Object.keys(state.filters).length > 0;
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Title order={2} size="h5">
          Access tokens
        </Title>
        <Group gap="xs">
          <ClearFilters state={state} />
          {rights.revoke && (
            <Button variant="default" leftSection={<IconBan size={16} aria-hidden />} onClick={revokeAll}>
              Revoke all
            </Button>
          )}
          {rights.handOut && !client.dpop_bound_access_tokens && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
              New token
            </Button>
          )}
        </Group>
      </Group>
      {rights.handOut && client.dpop_bound_access_tokens && (
        <Text size="sm" c="dimmed">
          No token can be handed out here: its tokens are bound to a key, which it alone has. It fetches them
          itself.
        </Text>
      )}
      {tokens.error && !tokens.items ? (
        <ErrorState error={tokens.error} retry={() => void tokens.refetch()} />
      ) : (
        <DataTable
          label="Access tokens"
          columns={columns}
          rows={tokens.items}
          keyOf={({ id }) => id}
          sort={state.sort}
          onSort={state.setSort}
          refreshing={tokens.isPlaceholderData}
          more={tokens.more}
          empty={
            <EmptyState icon={IconKeyOff} title={filtered ? 'No token is like that' : 'It has no tokens yet'}>
              {filtered
                ? 'Clear the filters to see the others.'
                : client.dpop_bound_access_tokens
                  ? 'It fetches its own, and shows its key for it.'
                  : 'It can fetch its own, or be handed one here.'}
            </EmptyState>
          }
        />
      )}
      {adding && <NewTokenWindow client={client} onClose={() => setAdding(false)} />}
      {looking && (
        <RevealWindow
          what="Access token"
          reveal={async () => {
            const answer = api.POST('/api/v1/tokens/{id}/reveal', { params: { path: { id: looking.id } } });
            return (await body(answer)).access_token;
          }}
          onClose={() => setLooking(undefined)}
        />
      )}
    </Stack>
  );
}

function useRevocations(clientId: string) {
  const queries = useQueryClient();
  return useMemo(() => {
    const settle = (deed: Promise<unknown>, message: string) =>
      deed
        .then(() => say(message), sayError)
        .finally(() => {
          void queries.invalidateQueries({ queryKey: ['tokens'] });
          void queries.invalidateQueries({ queryKey: ['audit-events'] });
        });
    return {
      revoke: ({ id, hint }: Token) =>
        ask({
          title: 'Revoke this token?',
          children: `${hint} is refused from the next call on. This cannot be undone.`,
          action: 'Revoke the token',
          onConfirm: () =>
            void settle(
              api.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } }),
              'The token is revoked.',
            ),
        }),
      revokeAll: () =>
        ask({
          title: 'Revoke all tokens of this application?',
          children: (
            <>
              <LiveTokens clientId={clientId} /> Refresh tokens end, and so do codes that are not redeemed
              yet. The application can get new tokens. This cannot be undone.
            </>
          ),
          action: 'Revoke all tokens',
          onConfirm: () =>
            void settle(
              api.DELETE('/api/v1/clients/{client_id}/tokens', { params: { path: { client_id: clientId } } }),
              'All tokens are revoked.',
            ),
        }),
    };
  }, [clientId, queries]);
}
