import { Group, Paper, Skeleton, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { ErrorState } from '../../ui/states';
import { bucketsOf, totalsOf } from '../../ui/time-buckets';
import { USAGE } from './overview-queries';

const TimeChart = lazy(() => import('../../ui/time-chart'));

const HEIGHT = 300;
const RANGE = '7d';

const SERIES = [
  {
    name: 'requests',
    label: 'Requests',
    color: 'light-dark(var(--mantine-color-gate-6), var(--mantine-color-gate-4))',
  },
  {
    name: 'refusals',
    label: 'Refusals',
    color: 'light-dark(var(--mantine-color-red-8), var(--mantine-color-red-5))',
  },
];

/** Requests and refusals of a week, six hours a bar. */
export function Calls() {
  const usage = useQuery(USAGE);
  const buckets = bucketsOf(RANGE, usage.data ?? [], ({ requests, refusals }) => ({ requests, refusals }));
  const totals = totalsOf(buckets);
  const sum = `${(totals.requests ?? 0).toLocaleString()} requests and ${(totals.refusals ?? 0).toLocaleString()} refusals`;
  return (
    <Paper withBorder p="md" h="100%">
      <Group justify="space-between" mb="xs" gap="xs">
        <Title order={2} size="h5">
          Calls of the last 7 days
        </Title>
        <Group gap="md">
          {SERIES.map(({ name, label, color }) => (
            <Group key={name} gap={6} wrap="nowrap">
              <span aria-hidden style={{ width: 10, height: 10, borderRadius: 3, background: color }} />
              <Text size="sm">{label}</Text>
            </Group>
          ))}
        </Group>
      </Group>
      {usage.isError ? (
        <ErrorState error={usage.error} retry={() => void usage.refetch()} />
      ) : usage.data === undefined ? (
        <Skeleton height={HEIGHT} />
      ) : (
        <Suspense fallback={<Skeleton height={HEIGHT} />}>
          <TimeChart
            label={`${sum} in the last 7 days, six hours a bar`}
            range={RANGE}
            buckets={buckets}
            series={SERIES}
            height={HEIGHT}
            beside
          />
        </Suspense>
      )}
    </Paper>
  );
}
