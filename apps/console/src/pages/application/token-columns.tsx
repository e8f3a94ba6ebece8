import { Group, Text } from '@mantine/core';
import { IconBan, IconEye } from '@tabler/icons-react';
import type { components } from '../../api/schema';
import { ScopeBadges, StatusBadge } from '../../ui/badges';
import type { DataColumn } from '../../ui/data-table';
import { ChoiceFilter } from '../../ui/filters';
import type { ListState } from '../../ui/list-state';
import { TimeText } from '../../ui/time-text';
import { BoundMark } from '../tokens/bound-mark';
import { GRANT_TYPES } from '../tokens/token-columns';
import { Deed } from './deed';
import type { Rights } from './use-application';

export type Token = components['schemas']['AccessTokenDto'];

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
      cell: ({ hint, note, dpop_jkt }) => (
        <>
          <Group gap={6} wrap="nowrap">
            <Text inherit className="mono" style={{ whiteSpace: 'nowrap' }}>
              {hint}
            </Text>
            {dpop_jkt && <BoundMark />}
          </Group>
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
      id: 'issued_at',
      header: 'Issued',
      sortBy: 'issued_at',
      filter: (
        <ChoiceFilter
          state={state}
          name="grant_type"
          label="how it came to be"
          choices={Object.entries(GRANT_TYPES).map(([value, label]) => ({ value, label }))}
        />
      ),
      cell: ({ issued_at, issued_by, grant_type, client_id }) => (
        <>
          <TimeText at={issued_at} />
          <Text size="xs" c="dimmed" truncate maw={180} title={`${GRANT_TYPES[grant_type]}, by ${issued_by}`}>
            by {issued_by === client_id ? 'the application' : issued_by}
          </Text>
        </>
      ),
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
