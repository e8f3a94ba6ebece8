import { Anchor, Group, Text } from '@mantine/core';
import { Link, type To } from 'react-router';
import { BUILT_IN } from '../../api/application-names';
import { ScopeBadges, StatusBadge } from '../../ui/badges';
import type { DataColumn } from '../../ui/data-table';
import { ChoiceFilter, TextFilter } from '../../ui/filters';
import type { ListState } from '../../ui/list-state';
import { TimeText } from '../../ui/time-text';
import { ApplicationFilter } from './application-filter';
import { BoundMark } from './bound-mark';
import { BeforeFilter } from './before-filter';
import type { Token } from './tokens';

const STATUSES: readonly Token['status'][] = ['active', 'expired', 'revoked'];
export const GRANT_TYPES: Record<Token['grant_type'], string> = {
  client_credentials: 'Client credentials',
  authorization_code: 'Authorization code',
  refresh_token: 'Refresh token',
  operator: 'Handed out',
};

export interface TokenColumnsInput {
  state: ListState;
  names: ReadonlyMap<string, string> | undefined;
  linkTo(id: string): To;
  /** Parameters that the chosen view has set: they are not the person's to filter by. */
  fixed: Readonly<Record<string, string>>;
}

export function tokenColumns({ state, names, linkTo, fixed }: TokenColumnsInput): DataColumn<Token>[] {
  return [
    {
      id: 'hint',
      header: 'Token',
      fixed: true,
      cell: ({ id, hint, dpop_jkt }) => (
        <Group gap={6} wrap="nowrap">
          <Anchor component={Link} inherit className="mono" to={linkTo(id)}>
            {hint}
          </Anchor>
          {dpop_jkt && <BoundMark />}
        </Group>
      ),
    },
    {
      id: 'client_id',
      header: 'Application',
      sortBy: 'client_id',
      filter: <ApplicationFilter state={state} />,
      cell: ({ client_id }) => <ApplicationLink clientId={client_id} name={names?.get(client_id)} />,
    },
    {
      id: 'status',
      header: 'Status',
      filter:
        'status' in fixed ? undefined : (
          <ChoiceFilter state={state} name="status" label="status" choices={STATUSES} />
        ),
      cell: ({ status }) => <StatusBadge status={status} />,
    },
    {
      id: 'last_used_at',
      header: 'Last used',
      sortBy: 'last_used_at',
      filter:
        'last_used_before' in fixed || 'used' in fixed ? undefined : (
          <BeforeFilter state={state} name="last_used_before" label="last use" />
        ),
      cell: ({ last_used_at }) => <TimeText at={last_used_at} never="Never" />,
    },
    {
      id: 'expires_at',
      header: 'Expires',
      sortBy: 'expires_at',
      filter:
        'expires_before' in fixed ? undefined : (
          <BeforeFilter state={state} name="expires_before" label="expiry" />
        ),
      cell: ({ expires_at }) => <TimeText at={expires_at} />,
    },
    {
      id: 'scopes',
      header: 'Scopes',
      filter: <TextFilter state={state} name="scope" label="scope, by its whole name" />,
      cell: ({ scopes }) => (
        <span style={{ display: 'block', minWidth: 'max-content' }}>
          <ScopeBadges scopes={scopes} most={1} />
        </span>
      ),
    },
    {
      id: 'grant_type',
      header: 'Came by',
      filter: (
        <ChoiceFilter
          state={state}
          name="grant_type"
          label="how it came to be"
          choices={Object.entries(GRANT_TYPES).map(([value, label]) => ({ value, label }))}
        />
      ),
      cell: ({ grant_type }) => GRANT_TYPES[grant_type],
    },
    {
      id: 'issued_at',
      header: 'Issued',
      sortBy: 'issued_at',
      cell: ({ issued_at }) => <TimeText at={issued_at} />,
    },
    { id: 'issued_by', header: 'Issued by', cell: ({ issued_by }) => <Short text={issued_by} /> },
    { id: 'note', header: 'Note', cell: ({ note }) => <Short text={note} /> },
    {
      id: 'audience',
      header: 'Good at',
      cell: ({ audience }) => <Short text={audience?.join(', ') ?? null} />,
    },
    { id: 'format', header: 'Format', cell: ({ format }) => (format === 'jwt' ? 'JWT' : 'Opaque') },
    { id: 'subject', header: 'Speaks for', cell: ({ subject }) => <Short text={subject} /> },
    {
      id: 'last_used_ip',
      header: 'Last used from',
      cell: ({ last_used_ip }) => <Short text={last_used_ip} />,
    },
    {
      id: 'revoked_at',
      header: 'Revoked',
      sortBy: 'revoked_at',
      cell: ({ revoked_at }) => <TimeText at={revoked_at} />,
    },
  ];
}

export function ApplicationLink({ clientId, name }: { clientId: string; name: string | undefined }) {
  if (BUILT_IN.has(clientId)) return BUILT_IN.get(clientId);
  return (
    <Anchor
      component={Link}
      inherit
      className={name === undefined ? 'mono' : undefined}
      title={clientId}
      to={`/applications/${encodeURIComponent(clientId)}`}
    >
      {name ?? clientId}
    </Anchor>
  );
}

function Short({ text }: { text: string | null }) {
  return (
    <Text span inherit truncate display="block" maw="16rem" title={text ?? undefined}>
      {text ?? '–'}
    </Text>
  );
}
