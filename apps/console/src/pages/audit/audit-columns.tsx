import { Anchor, Badge, Group, Text } from '@mantine/core';
import { Link, type To } from 'react-router';
import { BUILT_IN } from '../../api/application-names';
import { StatusBadge } from '../../ui/badges';
import type { DataColumn } from '../../ui/data-table';
import { ChoiceFilter, DayRangeFilter, TextFilter } from '../../ui/filters';
import type { ListState } from '../../ui/list-state';
import { TimeText } from '../../ui/time-text';
import { summaryOf, TYPE_CHOICES, typeLabel, type AuditEvent } from './event-types';

interface Columns {
  state: ListState;
  linkTo(key: string): To;
  isNew(event: AuditEvent): boolean;
  seesApplications: boolean;
}

export function auditColumns({ state, linkTo, isNew, seesApplications }: Columns): DataColumn<AuditEvent>[] {
  return [
    {
      id: 'at',
      header: 'When',
      sortBy: 'at',
      fixed: true,
      width: 150,
      filter: <DayRangeFilter state={state} name="at" label="day" from="from" to="to" />,
      cell: (event) => (
        <Group gap={6} wrap="nowrap">
          <TimeText at={event.at} />
          {isNew(event) && (
            <Badge size="xs" tt="none">
              new
            </Badge>
          )}
        </Group>
      ),
    },
    {
      id: 'type',
      header: 'Event',
      sortBy: 'type',
      fixed: true,
      filter: <ChoiceFilter state={state} name="type" label="event" choices={TYPE_CHOICES} searchable />,
      cell: ({ id, type }) => (
        <Anchor component={Link} to={linkTo(id)} size="sm" style={{ whiteSpace: 'nowrap' }} title={type}>
          {typeLabel(type)}
        </Anchor>
      ),
    },
    {
      id: 'outcome',
      header: 'Outcome',
      filter: <ChoiceFilter state={state} name="outcome" label="outcome" choices={['success', 'failure']} />,
      cell: ({ outcome }) => <StatusBadge status={outcome} />,
    },
    {
      id: 'summary',
      header: 'What is on record',
      filter: <TextFilter state={state} name="search" label="words" />,
      cell: (event) => (
        <Text size="sm" truncate maw={340} title={summaryOf(event)}>
          {summaryOf(event)}
        </Text>
      ),
    },
    {
      id: 'client_id',
      header: 'Application',
      filter: <TextFilter state={state} name="client_id" label="client id" />,
      cell: ({ client_id }) => <ApplicationId id={client_id} linked={seesApplications} />,
    },
    {
      id: 'actor',
      header: 'By',
      filter: <TextFilter state={state} name="actor" label="who did it" />,
      cell: ({ actor }) => (
        <Text size="sm" truncate maw={180} title={actor.id ?? undefined}>
          {actor.id ?? actor.kind}
        </Text>
      ),
    },
    {
      id: 'ip',
      header: 'Address',
      filter: <TextFilter state={state} name="ip" label="address" />,
      cell: ({ ip }) => <span className="mono">{ip ?? '–'}</span>,
    },
  ];
}

function ApplicationId({ id, linked }: { id: string | null; linked: boolean }) {
  if (id === null) return <Text c="dimmed">–</Text>;
  const text = (
    <Text span className="mono" truncate maw={150} display="block" title={id}>
      {id}
    </Text>
  );
  if (!linked || BUILT_IN.has(id)) return text;
  return (
    <Anchor component={Link} to={`/applications/${encodeURIComponent(id)}`}>
      {text}
    </Anchor>
  );
}
