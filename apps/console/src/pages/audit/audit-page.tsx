import { Group, Switch, VisuallyHidden } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { useSearchParams } from 'react-router';
import { useSession } from '../../session/session';
import { ColumnChooser } from '../../ui/column-chooser';
import { DataTable } from '../../ui/data-table';
import { ClearFilters } from '../../ui/filters';
import { useListState } from '../../ui/list-state';
import { useOpened } from '../../ui/opened';
import { PageHeader } from '../../ui/page-header';
import { EmptyState, ErrorState } from '../../ui/states';
import { plural } from '../../ui/time-text';
import { auditColumns } from './audit-columns';
import { DEFAULTS, queryOf, useAuditEvents } from './audit-list';
import { EventDrawer } from './event-drawer';
import { ExportButton } from './export-button';
import { QuickFilters } from './quick-filters';
import { Refusals } from './refusals';

export default function AuditPage() {
  const { can } = useSession();
  const state = useListState(DEFAULTS);
  const { opened, linkTo, close } = useOpened();
  const [live, setLive] = useLive();
  // What is not in the order of time has no end to be continued.
  const followable = state.sort === '-at';
  const events = useAuditEvents(state, live && followable);
  const columns = auditColumns({
    state,
    linkTo,
    isNew: events.isNew,
    seesApplications: can('clients:read'),
  });
  const fresh = events.items?.filter(events.isNew).length ?? 0;
  return (
    <>
      <PageHeader
        title="Audit log"
        description="Who did what, and every call that was refused. Nothing in it can be changed or removed."
        actions={
          <>
            <Switch
              label="Live"
              checked={live && followable}
              disabled={!followable}
              onChange={(event) => setLive(event.currentTarget.checked)}
            />
            <ExportButton query={queryOf(state)} />
            <ColumnChooser columns={columns} state={state} />
          </>
        }
      />
      <Refusals clientId={state.filters.client_id} live={live} />
      <Group justify="space-between" mb="xs" gap="xs">
        <QuickFilters state={state} />
        <ClearFilters state={state} />
      </Group>
      {events.tailError && <ErrorState error={events.tailError} title="New events do not come in" />}
      <DataTable
        label="Audit events"
        columns={columns}
        rows={events.isError && !events.items ? [] : events.items}
        keyOf={({ id }) => id}
        sort={state.sort}
        onSort={state.setSort}
        hidden={state.hidden}
        refreshing={events.isPlaceholderData}
        isMarked={events.isNew}
        more={events.more}
        virtual
        empty={
          events.isError ? (
            <ErrorState error={events.error} retry={() => void events.refetch()} />
          ) : (
            <EmptyState icon={IconListSearch} title="Nothing is on record of that">
              Take a filter away, or look at a longer time.
            </EmptyState>
          )
        }
      />
      <VisuallyHidden role="status">{fresh > 0 ? `${plural(fresh, 'new event')}` : ''}</VisuallyHidden>
      <EventDrawer id={opened} known={events.items?.find(({ id }) => id === opened)} onClose={close} />
    </>
  );
}

/** Whether the list is followed, as the page's address says it. */
function useLive(): [boolean, (live: boolean) => void] {
  const [parameters, setParameters] = useSearchParams();
  const setLive = (live: boolean) =>
    setParameters(
      (before) => {
        const after = new URLSearchParams(before);
        if (live) after.set('live', 'true');
        else after.delete('live');
        return after;
      },
      { replace: true },
    );
  return [parameters.get('live') === 'true', setLive];
}
