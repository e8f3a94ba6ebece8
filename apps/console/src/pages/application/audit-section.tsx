import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconHistory, IconListSearch } from '@tabler/icons-react';
import { Link, type To } from 'react-router';
import { usePages } from '../../api/use-pages';
import { StatusBadge } from '../../ui/badges';
import { DataTable, type DataColumn } from '../../ui/data-table';
import { useOpened } from '../../ui/opened';
import { EmptyState, ErrorState } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { EventDrawer } from '../audit/event-drawer';
import { summaryOf, typeLabel, type AuditEvent } from '../audit/event-types';
import { loadEvents } from '../audit/events';
import type { Application } from './use-application';

/** What happened to this application, and in its name. */
export function AuditSection({ application }: { application: Application }) {
  const { client_id } = application.client;
  const events = usePages(['audit-events', 'of', client_id], (cursor) =>
    loadEvents({ client_id, sort: '-at', cursor }),
  );
  const { opened, linkTo, close } = useOpened();
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Title order={2} size="h5">
          Audit trail
        </Title>
        <Button
          variant="default"
          component={Link}
          to={`/audit?${new URLSearchParams({ client_id })}`}
          leftSection={<IconListSearch size={16} aria-hidden />}
        >
          Open in the audit log
        </Button>
      </Group>
      {events.error && !events.items ? (
        <ErrorState error={events.error} retry={() => void events.refetch()} />
      ) : (
        <DataTable
          label="Audit trail"
          columns={columnsOf(linkTo)}
          rows={events.items}
          keyOf={({ id }) => id}
          more={events.more}
          empty={
            <EmptyState icon={IconHistory} title="Nothing is on record">
              What was, is older than the log is kept.
            </EmptyState>
          }
        />
      )}
      <EventDrawer id={opened} known={events.items?.find(({ id }) => id === opened)} onClose={close} />
    </Stack>
  );
}

const columnsOf = (linkTo: (id: string) => To): DataColumn<AuditEvent>[] => [
  { id: 'at', header: 'When', fixed: true, cell: ({ at }) => <TimeText at={at} /> },
  {
    id: 'type',
    header: 'Event',
    cell: ({ id, type }) => (
      <Anchor component={Link} to={linkTo(id)} size="sm" style={{ whiteSpace: 'nowrap' }} title={type}>
        {typeLabel(type)}
      </Anchor>
    ),
  },
  { id: 'outcome', header: 'Outcome', cell: ({ outcome }) => <StatusBadge status={outcome} /> },
  {
    id: 'what',
    header: 'What is on record',
    cell: (event) => (
      <Text inherit truncate maw={380} title={summaryOf(event)}>
        {summaryOf(event)}
      </Text>
    ),
  },
  {
    id: 'actor',
    header: 'By',
    cell: ({ actor, client_id }) => (
      <Text inherit truncate maw={180} title={actor.id ?? undefined}>
        {actor.id === client_id ? 'the application' : (actor.id ?? actor.kind)}
      </Text>
    ),
  },
  { id: 'ip', header: 'Address', cell: ({ ip }) => <span className="mono">{ip ?? '–'}</span> },
];
