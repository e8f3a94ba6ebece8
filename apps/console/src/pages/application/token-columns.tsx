import { Group, Text } from '@mantine/core';
import { IconBan, IconEye } from '@tabler/icons-react';
import { ScopeBadges, StatusBadge } from '../../ui/badges';
import type { DataColumn } from '../../ui/data-table';
import { ChoiceFilter } from '../../ui/filters';
import type { ListState } from '../../ui/list-state';
import { TimeText } from '../../ui/time-text';
import { Deed } from './deed';
import type { Token } from './tokens-section';
import type { Rights } from './use-application';

const GRANTS: Record<Token['grant_type'], string> = {
  operator: 'handed out',
  client_credentials: 'client credentials',
  authorization_code: 'authorization code',
  refresh_token: 'refresh token',
};

export function tokenColumns(
  state: ListState,
  rights: Rights,
  { look, revoke }: { look(token: Token): void; revoke(token: Token): void },
): DataColumn<Token>[] {
  const deeds: DataColumn<Token> = {
    id: 'deeds',
    header: 'Actions',
    align: 'right',
    cell: (token) => (
      <Group gap={4} justify="flex-end" wrap="nowrap">
        {rights.reveal && <Deed label={`Look at ${token.hint}`} icon={IconEye} onClick={() => look(token)} />}
        {rights.revoke && token.status === 'active' && (
          <Deed label={`Revoke ${token.hint}`} icon={IconBan} onClick={() => revoke(token)} />
        )}
      </Group>
    ),
  };
  return [
    {
      id: 'hint',
      header: 'Token',
      fixed: true,
      cell: ({ hint, note }) => (
        <>
          <Text inherit className="mono" style={{ whiteSpace: 'nowrap' }}>
            {hint}
          </Text>
          {note && (
            <Text size="xs" c="dimmed" maw={260} lineClamp={2} title={note}>
              {note}
            </Text>
          )}
        </>
      ),
    },
    {
      id: 'status',
      header: 'Status',
      filter: (
        <ChoiceFilter state={state} name="status" label="status" choices={['active', 'expired', 'revoked']} />
      ),
      cell: ({ status }) => <StatusBadge status={status} />,
    },
    { id: 'scopes', header: 'Scopes', cell: ({ scopes }) => <ScopeBadges scopes={scopes} most={2} /> },
    {
      id: 'issued_by',
      header: 'Issued by',
      filter: (
        <ChoiceFilter
          state={state}
          name="grant_type"
          label="how it came to be"
          choices={Object.entries(GRANTS).map(([value, label]) => ({ value, label }))}
        />
      ),
      cell: ({ issued_by, grant_type, client_id }) => (
        <>
          <Text inherit truncate maw={180} title={issued_by}>
            {issued_by === client_id ? 'the application' : issued_by}
          </Text>
          <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            {GRANTS[grant_type]}
          </Text>
        </>
      ),
    },
    {
      id: 'issued_at',
      header: 'Issued',
      sortBy: 'issued_at',
      cell: ({ issued_at }) => <TimeText at={issued_at} />,
    },
    {
      id: 'last_used_at',
      header: 'Last used',
      sortBy: 'last_used_at',
      cell: ({ last_used_at, last_used_ip }) => (
        <>
          <TimeText at={last_used_at} never="never" />
          {last_used_ip && (
            <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
              from {last_used_ip}
            </Text>
          )}
        </>
      ),
    },
    {
      id: 'expires_at',
      header: 'Expires',
      sortBy: 'expires_at',
      cell: ({ expires_at }) => <TimeText at={expires_at} />,
    },
    ...(rights.reveal || rights.revoke ? [deeds] : []),
  ];
}
