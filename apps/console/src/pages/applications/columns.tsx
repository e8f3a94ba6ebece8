import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import { ScopeBadges, StatusBadge } from '../../ui/badges';
import { CopyableText } from '../../ui/copyable';
import type { DataColumn } from '../../ui/data-table';
import { ChoiceFilter, DayRangeFilter, TextFilter, type Choice } from '../../ui/filters';
import type { ListState } from '../../ui/list-state';
import { durationText, TimeText } from '../../ui/time-text';
import type { Application } from './application-list';

/** The count that the server stops at. */
const MOST = 1000;

const ACTIVE: Choice[] = [
  { value: 'true', label: 'Active' },
  { value: 'false', label: 'Inactive' },
];

export function pathOf({ client_id }: Pick<Application, 'client_id'>): string {
  return `/applications/${encodeURIComponent(client_id)}`;
}

/** Whatever can be said of an application in a line. @param scopes the names of the catalogue */
export function applicationColumns(
  state: ListState,
  scopes: readonly string[],
  shows: { customers: boolean; tokens: boolean },
): DataColumn<Application>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      sortBy: 'name',
      fixed: true,
      filter: <TextFilter state={state} name="name" label="name" />,
      cell: (application) => (
        <Anchor component={Link} to={pathOf(application)} inherit fw={600} truncate display="block" maw={172}>
          {application.name}
        </Anchor>
      ),
    },
    {
      id: 'client_id',
      header: 'Client ID',
      sortBy: 'client_id',
      filter: <TextFilter state={state} name="client_id" label="client id" />,
      cell: ({ client_id, name }) => (
        <div style={{ maxWidth: 110 }}>
          <CopyableText value={client_id} what={`client id of ${name}`} />
        </div>
      ),
    },
    {
      id: 'active',
      header: 'Active',
      sortBy: 'active',
      filter: <ChoiceFilter state={state} name="active" label="active" choices={ACTIVE} />,
      cell: ({ active }) => <StatusBadge status={active ? 'active' : 'inactive'} />,
    },
    {
      id: 'scopes',
      header: 'Scopes',
      filter: <ChoiceFilter state={state} name="scope" label="scope" choices={scopes} searchable />,
      cell: (application) => <ScopeBadges scopes={application.scopes} most={1} oneLine />,
    },
    ...(shows.tokens ? [liveTokens] : []),
    {
      id: 'last_used_at',
      header: 'Last used',
      sortBy: 'last_used_at',
      cell: ({ last_used_at }) => <TimeText at={last_used_at} never="Never" />,
    },
    {
      id: 'created_at',
      header: 'Created',
      sortBy: 'created_at',
      cell: ({ created_at }) => <TimeText at={created_at} />,
    },
    ...(shows.customers ? [customer(state)] : []),
    {
      id: 'access_token_ttl',
      header: 'Expires in',
      sortBy: 'access_token_ttl',
      filter: (
        <TextFilter state={state} name="access_token_ttl" label="expires in, seconds" inputMode="numeric" />
      ),
      cell: ({ access_token_ttl }) => (
        <Text inherit span title={`${access_token_ttl} seconds`} style={{ whiteSpace: 'nowrap' }}>
          {durationText(access_token_ttl)}
        </Text>
      ),
    },
    ...authorizationColumns(state),
    { id: 'notes', header: 'Notes', cell: ({ notes }) => <OneLine text={notes} /> },
    {
      id: 'updated_at',
      header: 'Updated',
      sortBy: 'updated_at',
      cell: ({ updated_at }) => <TimeText at={updated_at} />,
    },
  ];
}

const liveTokens: DataColumn<Application> = {
  id: 'live_tokens',
  header: 'Tokens alive',
  align: 'right',
  cell: ({ live_tokens = 0 }) => (live_tokens >= MOST ? `${MOST.toLocaleString()}+` : live_tokens),
};

const customer = (state: ListState): DataColumn<Application> => ({
  id: 'customer_id',
  header: 'Customer',
  sortBy: 'customer_id',
  filter: <TextFilter state={state} name="customer_id" label="customer, in full" />,
  cell: ({ customer_id }) => customer_id,
});

/** Of the last run of the code flow. */
function authorizationColumns(state: ListState): DataColumn<Application>[] {
  return [
    {
      id: 'code_created_at',
      header: 'Code created at',
      sortBy: 'code_created_at',
      filter: (
        <DayRangeFilter
          state={state}
          name="code_created"
          label="code created at"
          from="code_created_from"
          to="code_created_to"
        />
      ),
      cell: ({ last_authorization }) => <TimeText at={last_authorization.code_created_at} />,
    },
    {
      id: 'token_created_at',
      header: 'Token created at',
      sortBy: 'token_created_at',
      filter: (
        <DayRangeFilter
          state={state}
          name="token_created"
          label="token created at"
          from="token_created_from"
          to="token_created_to"
        />
      ),
      cell: ({ last_authorization }) => <TimeText at={last_authorization.token_created_at} />,
    },
    {
      id: 'passthru_user',
      header: 'Passthru user',
      sortBy: 'passthru_user',
      filter: <TextFilter state={state} name="passthru_user" label="passthru user" />,
      cell: ({ last_authorization }) => <OneLine text={last_authorization.passthru_user} />,
    },
    {
      id: 'redirect_uri',
      header: 'Redirect URI',
      cell: ({ last_authorization, redirect_uris }) => (
        <OneLine text={last_authorization.redirect_uri ?? redirect_uris.join(', ')} />
      ),
    },
  ];
}

function OneLine({ text }: { text: string | null }) {
  if (!text)
    return (
      <Text inherit span c="dimmed">
        –
      </Text>
    );
  return (
    <Text inherit truncate maw={240} title={text}>
      {text}
    </Text>
  );
}
