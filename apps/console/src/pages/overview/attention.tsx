import { Anchor, Group, Paper, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconAlertTriangle, IconBan, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import { Link } from 'react-router';
import { ErrorState } from '../../ui/states';
import { useAttention, type Concern } from './use-attention';

const LOOKS = {
  refusal: { icon: IconBan, color: 'red' },
  warning: { icon: IconAlertTriangle, color: 'orange' },
  note: { icon: IconInfoCircle, color: 'gray' },
} as const;

/** What somebody should look at, each a sentence that leads there. */
export function Attention() {
  const { concerns, loading, error, retry } = useAttention();
  return (
    <Paper withBorder p="md" h="100%">
      <Title order={2} size="h5" mb="sm">
        What needs attention
      </Title>
      {error && <ErrorState error={error} retry={retry} />}
      {loading && <Skeleton height={24} mb="xs" />}
      {!loading && !error && concerns.length === 0 && (
        <Group gap="xs" wrap="nowrap">
          <ThemeIcon variant="light" color="teal" radius="xl" size="md" aria-hidden>
            <IconCircleCheck size={16} />
          </ThemeIcon>
          <Text size="sm">Nothing needs attention.</Text>
        </Group>
      )}
      <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }}>
        {concerns.map((concern) => (
          <ConcernLine key={concern.to + concern.link} {...concern} />
        ))}
      </Stack>
    </Paper>
  );
}

function ConcernLine({ kind, link, rest, to }: Concern) {
  const { icon: Icon, color } = LOOKS[kind];
  return (
    <Group component="li" gap="xs" wrap="nowrap" align="flex-start">
      <ThemeIcon variant="light" color={color} radius="xl" size="md" aria-hidden>
        <Icon size={16} />
      </ThemeIcon>
      <Text size="sm" pt={2}>
        <Anchor component={Link} to={to} inherit underline="always">
          {link}
        </Anchor>{' '}
        {rest}
      </Text>
    </Group>
  );
}
