import { Group, ScrollArea, SegmentedControl, Text } from '@mantine/core';
import { IconKeyOff } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useApplicationNames } from '../../api/application-names';
import { usePages } from '../../api/use-pages';
import { useSession } from '../../session/session';
import { ColumnChooser } from '../../ui/column-chooser';
import { DataTable } from '../../ui/data-table';
import { ClearFilters } from '../../ui/filters';
import { useListState } from '../../ui/list-state';
import { useOpened } from '../../ui/opened';
import { PageHeader } from '../../ui/page-header';
import { EmptyState, ErrorState } from '../../ui/states';
import { plural } from '../../ui/time-text';
import type { RevocationPlan } from './revoke-confirmation';
import { RevokeMatching } from './revoke-matching';
import { RevokeWindow } from './revoke-window';
import { SelectionBar } from './selection-bar';
import { tokenColumns } from './token-columns';
import { TokenDrawer } from './token-drawer';
import { listTokens, type Token, type TokenQuery } from './tokens';
import { useTokenSelection } from './use-token-selection';
import { VIEWS } from './views';

const PAGE = 100;
const LIST = {
  sort: '-issued_at',
  filters: ['client_id', 'status', 'grant_type', 'scope', 'expires_before', 'last_used_before', 'used'],
  hidden: ['note', 'format', 'subject', 'last_used_ip', 'revoked_at'],
};

/** Every access token of every application. */
export default function TokensPage() {
  const { can } = useSession();
  const state = useListState(LIST);
  const [parameters] = useSearchParams();
  const view = VIEWS.find(({ value }) => value === parameters.get('view')) ?? VIEWS[0]!;
  const { opened, linkTo, close } = useOpened();
  const names = useApplicationNames();
  // One time for all pages of the list: another one would be another list.
  const [now] = useState(Date.now);
  const fixed = useMemo(() => view.query(now), [view, now]);
  const query = useMemo(
    () => ({ ...state.filters, ...fixed, sort: state.sort }) as TokenQuery,
    [state.filters, fixed, state.sort],
  );
  const pages = usePages(['tokens', 'list', query], (cursor) =>
    listTokens({ ...query, limit: PAGE, ...(cursor === undefined ? { count: true } : { cursor }) }),
  );
  const selection = useTokenSelection(pages.items);
  const [plan, setPlan] = useState<RevocationPlan>();
  const columns = tokenColumns({ state, names, linkTo, fixed });
  const mayRevoke = can('tokens:write');
  const narrowed = view !== VIEWS[0] || Object.keys(state.filters).length > 0;
  return (
    <>
      <PageHeader
        title="Tokens"
        description={view.description}
        actions={
          mayRevoke && narrowed && (query.status ?? 'active') === 'active' ? (
            <RevokeMatching query={query} onPlan={setPlan} />
          ) : undefined
        }
      />
      <Group mb="sm" gap="xs" justify="space-between">
        <Group gap="sm" maw="100%">
          <ScrollArea type="never" maw="100%">
            <SegmentedControl
              size="sm"
              aria-label="View"
              data={VIEWS.map(({ value, label }) => ({ value, label }))}
              value={view.value}
              onChange={(value) => {
                const next = VIEWS.find((one) => one.value === value)!;
                const cleared = Object.fromEntries(Object.keys(next.query(0)).map((name) => [name, null]));
                state.setFilters({ ...cleared, view: value === 'all' ? null : value, sort: next.sort });
              }}
            />
          </ScrollArea>
          <Text size="sm" c="dimmed" role="status">
            {pages.total === undefined ? '' : plural(pages.total, 'token')}
          </Text>
          <ClearFilters state={state} />
        </Group>
        <ColumnChooser columns={columns} state={state} />
      </Group>
      {selection.tokens.length > 0 && (
        <SelectionBar tokens={selection.tokens} onPlan={setPlan} onClear={selection.clear} />
      )}
      {pages.error && !pages.items ? (
        <ErrorState error={pages.error} retry={() => void pages.refetch()} />
      ) : (
        <DataTable<Token>
          label="Access tokens"
          columns={columns}
          rows={pages.items}
          keyOf={({ id }) => id}
          sort={state.sort}
          onSort={state.setSort}
          hidden={state.hidden}
          refreshing={pages.isPlaceholderData}
          virtual
          selection={mayRevoke ? selection.ofTable : undefined}
          more={pages.more}
          empty={<NoTokens narrowed={narrowed} />}
        />
      )}
      <TokenDrawer id={opened} onClose={close} />
      {plan && (
        <RevokeWindow
          plan={plan}
          onClose={(revoked) => {
            selection.remove(revoked);
            setPlan(undefined);
          }}
        />
      )}
    </>
  );
}

function NoTokens({ narrowed }: { narrowed: boolean }) {
  return (
    <EmptyState icon={IconKeyOff} title={narrowed ? 'No token matches' : 'No tokens yet'}>
      {narrowed
        ? 'Take a filter away, or look at another view.'
        : 'An application gets one at /oauth2/token, or you hand one out on its page.'}
    </EmptyState>
  );
}
