import { Anchor, Code, Drawer, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { BUILT_IN } from '../../api/application-names';
import { api, body } from '../../api/client';
import { useSession } from '../../session/session';
import { StatusBadge } from '../../ui/badges';
import { CopyableText } from '../../ui/copyable';
import { FieldList } from '../../ui/field-list';
import { ErrorState, LoadingPage } from '../../ui/states';
import { TimeText, utcText } from '../../ui/time-text';
import { summaryOf, typeLabel, type AuditEvent } from './event-types';

/** An event with everything that is on record of it. @param known where the list has it already */
export function EventDrawer({
  id,
  known,
  onClose,
}: {
  id: string | null;
  known: AuditEvent | undefined;
  onClose(): void;
}) {
  const event = useQuery({
    queryKey: ['audit-events', 'one', id],
    queryFn: () => body(api.GET('/api/v1/audit-events/{id}', { params: { path: { id: id! } } })),
    enabled: id !== null && known === undefined,
  });
  const shown = known ?? event.data;
  return (
    <Drawer
      opened={id !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={shown ? typeLabel(shown.type) : 'Event'}
      closeButtonProps={{ 'aria-label': 'Close the event' }}
    >
      {shown && <EventDetail event={shown} />}
      {!shown && event.isError && <ErrorState error={event.error} retry={() => void event.refetch()} />}
      {!shown && !event.isError && id !== null && <LoadingPage />}
    </Drawer>
  );
}

function EventDetail({ event }: { event: AuditEvent }) {
  const { can } = useSession();
  const { client_id, token_id, actor, method, path } = event;
  const fields = [
    {
      label: 'When',
      value: (
        <>
          <TimeText at={event.at} form="date" />
          <Text size="xs" c="dimmed">
            {utcText(new Date(event.at))}
          </Text>
        </>
      ),
    },
    { label: 'Outcome', value: <StatusBadge status={event.outcome} /> },
    { label: 'Type', value: <CopyableText value={event.type} what="type" /> },
    {
      label: 'Application',
      value: client_id && (
        <>
          <CopyableText value={client_id} what="client id" />
          <Group gap="md">
            {can('clients:read') && !BUILT_IN.has(client_id) && (
              <DetailLink to={`/applications/${encodeURIComponent(client_id)}`}>
                Open the application
              </DetailLink>
            )}
            <DetailLink to={`/audit?client_id=${encodeURIComponent(client_id)}`}>
              All of its events
            </DetailLink>
          </Group>
        </>
      ),
    },
    {
      label: 'Token',
      value: token_id && (
        <>
          <CopyableText value={token_id} what="token’s id" />
          <Group gap="md">
            {can('tokens:read') && <DetailLink to={`/tokens?open=${token_id}`}>Open the token</DetailLink>}
            <DetailLink to={`/audit?token_id=${token_id}`}>All of its events</DetailLink>
          </Group>
        </>
      ),
    },
    { label: 'By', value: <Actor {...actor} /> },
    { label: 'Customer', value: event.customer_id },
    { label: 'Address', value: event.ip && <CopyableText value={event.ip} what="address" /> },
    { label: 'Request', value: path && <Code>{`${method ?? ''} ${path}`}</Code> },
    { label: 'User agent', value: event.user_agent },
    {
      label: 'Request id',
      value: event.request_id && <CopyableText value={event.request_id} what="request id" />,
    },
    { label: 'Event id', value: <CopyableText value={event.id} what="event id" /> },
    { label: 'Hash', value: event.hash && <CopyableText value={event.hash} what="hash" /> },
    {
      label: 'Hash before',
      value: event.previous_hash && <CopyableText value={event.previous_hash} what="hash before" />,
    },
  ].filter(({ value }) => value !== null);
  return (
    <Stack gap="md">
      <Text>{summaryOf(event)}</Text>
      <FieldList fields={fields} />
      <div>
        <Title order={3} size="h5" mb="xs">
          Detail
        </Title>
        <Code block tabIndex={0} aria-label="Detail, as JSON" role="region">
          {JSON.stringify(event.detail, null, 2)}
        </Code>
      </div>
    </Stack>
  );
}

const KINDS: Record<AuditEvent['actor']['kind'], string> = {
  client: 'an application',
  operator: 'a person',
  system: 'Postern itself',
  anonymous: 'somebody unknown',
};

function Actor({ kind, id }: AuditEvent['actor']) {
  if (id === null) return KINDS[kind];
  return (
    <>
      <CopyableText value={id} what="actor" />
      <Group gap="md">
        <Text size="sm" c="dimmed">
          {KINDS[kind]}
        </Text>
        <DetailLink to={`/audit?actor=${encodeURIComponent(id)}`}>All that it did</DetailLink>
      </Group>
    </>
  );
}

function DetailLink({ to, children }: { to: string; children: string }) {
  return (
    <Anchor component={Link} to={to} size="sm">
      {children}
    </Anchor>
  );
}
