import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconExternalLink, IconHistory } from '@tabler/icons-react';
import { Link } from 'react-router';
import { api, body } from '../../api/client';
import type { components } from '../../api/schema';
import { usePages } from '../../api/use-pages';
import { StatusBadge } from '../../ui/badges';
import { DataTable, type DataColumn } from '../../ui/data-table';
import { EmptyState, ErrorState } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import type { Application } from './use-application';

type AuditEvent = components['schemas']['AuditEventDto'];

/** What happened to this application, and in its name. */
export function AuditSection({ application }: { application: Application }) {
  const { client_id } = application.client;
  const events = usePages(['audit-events', 'of', client_id], (cursor) =>
    body(api.GET('/api/v1/audit-events', { params: { query: { client_id, sort: '-at', cursor } } })),
  );
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
          leftSection={<IconExternalLink size={16} aria-hidden />}
        >
          Open in the audit log
        </Button>
      </Group>
      {events.error && !events.items ? (
        <ErrorState error={events.error} retry={() => void events.refetch()} />
      ) : (
        <DataTable
          label="Audit trail"
          columns={COLUMNS}
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
    </Stack>
  );
}

const COLUMNS: DataColumn<AuditEvent>[] = [
  { id: 'at', header: 'When', fixed: true, cell: ({ at }) => <TimeText at={at} /> },
  { id: 'type', header: 'Event', cell: ({ type }) => <span className="mono">{type}</span> },
  { id: 'outcome', header: 'Outcome', cell: ({ outcome }) => <StatusBadge status={outcome} /> },
  {
    id: 'actor',
    header: 'By',
    cell: ({ actor, client_id }) => (
      <Text inherit truncate maw={180} title={actor.id ?? undefined}>
        {actor.id === client_id ? 'the application' : (actor.id ?? actor.kind)}
      </Text>
    ),
  },
  { id: 'ip', header: 'From', cell: ({ ip }) => ip ?? '' },
  {
    id: 'what',
    header: 'What',
    cell: (event) => <span style={{ overflowWrap: 'anywhere' }}>{whatOf(event)}</span>,
  },
];

/** In words where the event has them, else what it changed. */
function whatOf({ detail, method, path }: AuditEvent): string {
  const { message, fields, reason, count } = detail as {
    message?: string;
    fields?: string[];
    reason?: string;
    count?: number;
  };
  if (message) return message;
  if (fields) return `Changed: ${fields.join(', ')}`;
  const revoked = [reason?.replaceAll('_', ' '), count !== undefined && `${count} tokens`].filter(Boolean);
  return revoked.join(', ') || [method, path].filter(Boolean).join(' ');
}
