import { Box, Button, Group, SegmentedControl, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, body } from '../../api/client';
import { ErrorState } from '../../ui/states';
import { plural } from '../../ui/time-text';
import classes from './application.module.css';
import type { Application } from './use-application';
import { inBars, stepText, type UsageItem, type UsageStep } from './usage-steps';

/** Drawing needs a library that no other section does. */
const UsageChart = lazy(() => import('./usage-chart'));

const HEIGHT = 300;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Range {
  label: string;
  per: UsageStep;
  milliseconds: number;
  /** Hours or days that one bar is about. */
  perBar: number;
}
const DEFAULT = '7d';
const RANGES: Record<string, Range> = {
  '24h': { label: '24 hours', per: 'hour', milliseconds: DAY_MS, perBar: 1 },
  [DEFAULT]: { label: '7 days', per: 'hour', milliseconds: 7 * DAY_MS, perBar: 6 },
  '30d': { label: '30 days', per: 'day', milliseconds: 30 * DAY_MS, perBar: 1 },
  '90d': { label: '90 days', per: 'day', milliseconds: 90 * DAY_MS, perBar: 3 },
  '1y': { label: '1 year', per: 'day', milliseconds: 365 * DAY_MS, perBar: 7 },
};

/** How much it was used, and how often it was refused. */
export function UsageSection({ application }: { application: Application }) {
  const { client_id } = application.client;
  const [parameters, setParameters] = useSearchParams();
  const chosen = parameters.get('range') ?? DEFAULT;
  const range = Object.hasOwn(RANGES, chosen) ? chosen : DEFAULT;
  const [inNumbers, setInNumbers] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['usage', client_id, range],
    queryFn: () => {
      const { per, milliseconds } = RANGES[range]!;
      const from = new Date(Date.now() - milliseconds + (per === 'hour' ? HOUR_MS : DAY_MS)).toISOString();
      const params = { path: { client_id }, query: { per, from } };
      return body(api.GET('/api/v1/clients/{client_id}/usage', { params }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
  const { perBar } = RANGES[range]!;
  const requests = sumOf(data?.items, 'requests');
  const refusals = sumOf(data?.items, 'refusals');
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h5">
          Requests and refusals
        </Title>
        <SegmentedControl
          size="xs"
          aria-label="How far back"
          data={Object.entries(RANGES).map(([value, { label }]) => ({ value, label }))}
          value={range}
          onChange={(next) => setParameters({ tab: 'usage', range: next })}
        />
      </Group>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton height={HEIGHT} />}
      {data && (
        <>
          <Text size="sm" role="status">
            {plural(requests, 'request')} and {plural(refusals, 'refusal')} in the last {RANGES[range]!.label}
            .
          </Text>
          <Suspense fallback={<Skeleton height={HEIGHT} />}>
            <UsageChart items={inBars(data.items, perBar)} per={data.per} height={HEIGHT} />
          </Suspense>
          <Text size="xs" c="dimmed">
            Refused are calls with expired or revoked tokens, wrong secrets, or from addresses and with scopes
            that it may not use. A bar is {plural(perBar, data.per)}
            {data.per === 'day' ? ' of UTC' : ''}. The counters are up to two seconds late.
          </Text>
          <Group>
            <Button
              variant="default"
              size="xs"
              aria-expanded={inNumbers}
              onClick={() => setInNumbers(!inNumbers)}
            >
              {inNumbers ? 'Hide the numbers' : 'Show the numbers'}
            </Button>
          </Group>
          {inNumbers && <Numbers items={data.items} per={data.per} />}
        </>
      )}
    </Stack>
  );
}

/** The same for those who do not see the picture; what was quiet is left out. */
function Numbers({ items, per }: { items: readonly UsageItem[]; per: UsageStep }) {
  const busy = items.filter(({ requests, refusals }) => requests + refusals > 0).toReversed();
  if (busy.length === 0) return <Text size="sm">Nothing was asked in its name.</Text>;
  return (
    <Box className={classes.scrolling} tabIndex={0} role="region" aria-label="Numbers">
      <Table aria-label={`Requests and refusals per ${per}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{per === 'day' ? 'Day (UTC)' : 'Hour'}</Table.Th>
            <Table.Th ta="right">Requests</Table.Th>
            <Table.Th ta="right">Refusals</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {busy.map(({ at, requests, refusals }) => (
            <Table.Tr key={at}>
              <Table.Td>{stepText(at, per)}</Table.Td>
              <Table.Td ta="right">{requests.toLocaleString()}</Table.Td>
              <Table.Td ta="right">{refusals.toLocaleString()}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}

function sumOf(items: readonly UsageItem[] | undefined, what: 'requests' | 'refusals'): number {
  return (items ?? []).reduce((sum, item) => sum + item[what], 0);
}
