import { Anchor, Badge, Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import { useSession } from '../../session/session';
import { TimeText } from '../../ui/time-text';
import type { Field, PamName } from './resource';

const NOTHING = (
  <Text span inherit c="dimmed">
    –
  </Text>
);

/** Of states, those that are good or bad news; the word says it already. */
const COLORS: Record<string, string> = {
  managed: 'teal',
  approved: 'teal',
  succeeded: 'teal',
  ACTIVE: 'teal',
  denied: 'red',
  failed: 'red',
  lost: 'red',
  unreachable: 'red',
  pending: 'yellow',
  maintenance: 'yellow',
  unapproved: 'yellow',
};

/**
 * A field's value in a cell.
 * @param most of a list, how many are shown; the rest are counted
 */
export function FieldValue({ field, value, most = 2 }: { field: Field; value: unknown; most?: number }) {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return NOTHING;
  switch (field.kind) {
    case 'time':
      return <TimeText at={value as string} />;
    case 'boolean':
      return value ? 'Yes' : <Dimmed>No</Dimmed>;
    case 'number':
      return (value as number).toLocaleString();
    case 'choice':
      return <Choice value={value as string} />;
    case 'reference':
      return <RowLink to={field.to} id={value as string} />;
    case 'references':
    case 'texts':
    case 'numbers':
      return <Several field={field} values={value as (string | number)[]} most={most} />;
    case 'key':
      return <span className="mono">{value as string}</span>;
    case 'text':
      return (
        <Text span inherit truncate display="block" maw="22rem" title={value as string}>
          {value as string}
        </Text>
      );
  }
}

/** A link that opens another row, for whoever may see it. */
export function RowLink({ to, id, children }: { to: PamName; id: string; children?: string }) {
  const { can } = useSession();
  if (!can(`${to}:read`)) return <span className="mono">{id}</span>;
  return (
    <Anchor
      component={Link}
      inherit
      className={children === undefined ? 'mono' : undefined}
      to={`/pam/${to}?open=${encodeURIComponent(id)}`}
    >
      {children ?? id}
    </Anchor>
  );
}

function Choice({ value }: { value: string }) {
  return (
    <Badge variant="light" color={COLORS[value] ?? 'gray'} tt="none" fw={600}>
      {value}
    </Badge>
  );
}

function Several({ field, values, most }: { field: Field; values: (string | number)[]; most: number }) {
  const rest = values.slice(most);
  return (
    <Group gap={6} wrap="nowrap" miw="max-content">
      {values.slice(0, most).map((value) =>
        field.kind === 'references' ? (
          <RowLink key={value} to={field.to} id={String(value)} />
        ) : (
          <Badge key={value} variant="default" tt="none" fw={500}>
            {value}
          </Badge>
        ),
      )}
      {rest.length > 0 && (
        <Text span inherit c="dimmed" title={rest.join(', ')}>
          +{rest.length}
        </Text>
      )}
    </Group>
  );
}

function Dimmed({ children }: { children: string }) {
  return (
    <Text span inherit c="dimmed">
      {children}
    </Text>
  );
}
