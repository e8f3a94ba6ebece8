import { Anchor, Group, Paper, SegmentedControl, Skeleton, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Link, useSearchParams } from 'react-router';
import { api, body } from '../../api/client';
import { ErrorState } from '../../ui/states';
import { beginningOf, bucketsOf, RANGES, totalsOf, type Range } from '../../ui/time-buckets';
import { REFUSAL_COLORS, typeLabel, type AuditEventType } from './event-types';

const TimeChart = lazy(() => import('../../ui/time-chart'));

const HEIGHT = 180;

/** A picture of refusals over time by their reason, of one application where the list is of one. */
export function Refusals({ clientId, live }: { clientId: string | undefined; live: boolean }) {
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get('range') ?? '24h';
  const range = (asked in RANGES ? asked : '24h') as Range;
  const counts = useQuery({
    queryKey: ['audit-events', 'counts', range, clientId],
    queryFn: () => refusalCounts(range, clientId),
    placeholderData: keepPreviousData,
    refetchInterval: live ? 10_000 : false,
  });
  const buckets = counts.data ?? [];
  const totals = Object.entries(totalsOf(buckets)).sort(([, one], [, other]) => other - one);
  const all = totals.reduce((sum, [, count]) => sum + count, 0);
  const setRange = (next: string) =>
    setParameters(
      (before) => {
        const after = new URLSearchParams(before);
        if (next === '24h') after.delete('range');
        else after.set('range', next);
        return after;
      },
      { replace: true },
    );
  return (
    <Paper withBorder p="md" mb="md">
      <Group justify="space-between" mb="xs" gap="xs">
        <Title order={2} size="h5">
          Refusals over time
        </Title>
        <SegmentedControl
          size="xs"
          aria-label="How far back"
          value={range}
          onChange={setRange}
          data={Object.entries(RANGES).map(([value, { label }]) => ({ value, label }))}
        />
      </Group>
      {counts.isError ? (
        <ErrorState error={counts.error} retry={() => void counts.refetch()} />
      ) : counts.data === undefined ? (
        <Skeleton height={HEIGHT} />
      ) : all === 0 ? (
        <Text size="sm" c="dimmed" py="lg" ta="center">
          Nothing was refused in the last {RANGES[range].label}.
        </Text>
      ) : (
        <>
          <Suspense fallback={<Skeleton height={HEIGHT} />}>
            <TimeChart
              label={`${all.toLocaleString()} refusals in the last ${RANGES[range].label}, by their reason`}
              range={range}
              buckets={buckets}
              height={HEIGHT}
              series={totals.map(([type]) => ({
                name: type,
                label: typeLabel(type),
                color: REFUSAL_COLORS[type as AuditEventType] ?? 'gray.6',
              }))}
            />
          </Suspense>
          <Group gap="md" mt="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
            {totals.map(([type, count]) => (
              <li key={type}>
                <Reason type={type} count={count} />
              </li>
            ))}
          </Group>
        </>
      )}
    </Paper>
  );
}

/** The legend: how many of which, and the way to them. */
function Reason({ type, count }: { type: string; count: number }) {
  const [parameters] = useSearchParams();
  const search = new URLSearchParams(parameters);
  search.set('type', type);
  search.delete('outcome');
  return (
    <Group gap={6} wrap="nowrap">
      <span
        aria-hidden
        style={{
          width: 10,
          height: 10,
          borderRadius: 3,
          background: REFUSAL_COLORS[type as AuditEventType],
        }}
      />
      <Anchor component={Link} to={{ search: `?${search}` }} size="sm">
        {typeLabel(type)}
      </Anchor>
      <Text size="sm" c="dimmed" className="figures">
        {count.toLocaleString()}
      </Text>
    </Group>
  );
}

async function refusalCounts(range: Range, client_id: string | undefined) {
  const { items } = await body(
    api.GET('/api/v1/audit-events/counts', {
      params: {
        query: { per: 'hour', from: beginningOf(range).toISOString(), outcome: 'failure', client_id },
      },
    }),
  );
  return bucketsOf(range, items, ({ counts }) => counts);
}
