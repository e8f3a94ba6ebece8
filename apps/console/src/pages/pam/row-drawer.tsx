import { Anchor, Drawer, Group, List, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useSession } from '../../session/session';
import { CopyableText } from '../../ui/copyable';
import { FieldList } from '../../ui/field-list';
import { ErrorState } from '../../ui/states';
import { FieldValue, RowLink } from './field-value';
import { referrersOf, RESOURCES } from './resources';
import type { Field, PamName, Resource, Row } from './resource';
import { rowQuery } from './rows';

/** Of a long list, so many are looked up by their names. */
const MOST_NAMED = 20;

/** One row with all its fields, and the ways from it to others. */
export function RowDrawer({
  resource,
  id,
  onClose,
}: {
  resource: Resource;
  id: string | null;
  onClose(): void;
}) {
  return (
    <Drawer
      opened={id !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={`${resource.singular[0]!.toUpperCase()}${resource.singular.slice(1)} ${id ?? ''}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {id !== null && <Details key={id} resource={resource} id={id} />}
    </Drawer>
  );
}

function Details({ resource, id }: { resource: Resource; id: string }) {
  const { data: row, error, refetch } = useQuery(rowQuery(resource.name, id));
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!row) return <Skeleton height={320} />;
  return (
    <Stack gap="lg">
      <FieldList
        fields={resource.fields.map((field) => ({
          label: field.label,
          value: <DetailValue field={field} value={row[field.name]} />,
        }))}
      />
      <Referrers resource={resource} row={row} />
    </Stack>
  );
}

function DetailValue({ field, value }: { field: Field; value: unknown }) {
  if (field.kind === 'key') return <CopyableText value={value as string} what="id" />;
  if (field.kind === 'text' && value !== null) return value as string;
  if (field.kind === 'reference' && value !== null) return <NamedRow to={field.to} id={value as string} />;
  if (field.kind === 'references' && (value as string[]).length > 0)
    return <NamedRows to={field.to} ids={value as string[]} />;
  return <FieldValue field={field} value={value} most={Infinity} />;
}

function NamedRows({ to, ids }: { to: PamName; ids: string[] }) {
  return (
    <List listStyleType="none" size="sm" spacing={4}>
      {ids.slice(0, MOST_NAMED).map((id) => (
        <List.Item key={id}>
          <NamedRow to={to} id={id} />
        </List.Item>
      ))}
      {ids.length > MOST_NAMED && <List.Item>and {ids.length - MOST_NAMED} more</List.Item>}
    </List>
  );
}

/** Another row by the name that people know it by. */
function NamedRow({ to, id }: { to: PamName; id: string }) {
  const { can } = useSession();
  const { data: row } = useQuery({ ...rowQuery(to, id), enabled: can(`${to}:read`) });
  const name = row?.[RESOURCES[to].title];
  return (
    <Group gap="xs" component="span" display="inline-flex">
      <RowLink to={to} id={id}>
        {typeof name === 'string' ? name : undefined}
      </RowLink>
      {typeof name === 'string' && name !== id && (
        <Text span inherit c="dimmed" className="mono">
          {id}
        </Text>
      )}
    </Group>
  );
}

function Referrers({ resource, row }: { resource: Resource; row: Row }) {
  const { can } = useSession();
  const links = referrersOf(resource.name).filter(({ resource: { name } }) => can(`${name}:read`));
  if (links.length === 0) return null;
  return (
    <Stack gap={4}>
      <Title order={3} size="h5">
        Where it appears
      </Title>
      <List size="sm" spacing={4}>
        {links.map(({ resource: { name, label }, filter, label: as }) => (
          <List.Item key={`${name} ${filter}`}>
            <Anchor component={Link} inherit to={`/pam/${name}?${new URLSearchParams({ [filter]: row.id })}`}>
              {label}
            </Anchor>
            {links.filter(({ resource: other }) => other.name === name).length > 1 && (
              <Text span inherit c="dimmed">
                {' '}
                ({as.toLowerCase()})
              </Text>
            )}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
