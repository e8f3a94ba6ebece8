import { Paper, SimpleGrid, Skeleton, Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useSession } from '../../session/session';
import classes from './figures.module.css';
import { applicationCount, tokenCount, USAGE } from './overview-queries';

const LAST_HOURS = -24;

/** How much there is, and how much goes on: of what the person may see. */
export function Figures() {
  const { can } = useSession();
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="md" mb="md">
      {can('clients:read') && <Applications />}
      {can('tokens:read') && <LiveTokens />}
      {can('tokens:read') && <Calls />}
    </SimpleGrid>
  );
}

function Applications() {
  const active = useQuery(applicationCount({ active: true }));
  const all = useQuery(applicationCount({}));
  return (
    <Figure
      label="Active applications"
      value={active.data}
      failed={active.isError}
      note={all.data === undefined ? undefined : `of ${all.data.toLocaleString()}`}
      to="/applications"
    />
  );
}

function LiveTokens() {
  const live = useQuery(tokenCount('active', () => ({ status: 'active' })));
  return (
    <Figure
      label="Live tokens"
      value={live.data}
      failed={live.isError}
      note="not expired, not revoked"
      to="/tokens?status=active"
    />
  );
}

function Calls() {
  const { can } = useSession();
  const usage = useQuery(USAGE);
  const day = usage.data?.slice(LAST_HOURS);
  const sum = (of: 'requests' | 'refusals') => day?.reduce((total, item) => total + item[of], 0);
  return (
    <>
      <Figure label="Requests" value={sum('requests')} failed={usage.isError} note="last 24 hours" />
      <Figure
        label="Refused calls"
        value={sum('refusals')}
        failed={usage.isError}
        note="of applications, last 24 hours"
        to={can('audit:read') ? '/audit?outcome=failure' : undefined}
      />
    </>
  );
}

interface FigureProps {
  label: string;
  value: number | undefined;
  failed: boolean;
  note?: ReactNode;
  to?: string;
}

function Figure({ label, value, failed, note, to }: FigureProps) {
  const content = (
    <Paper withBorder p="md" h="100%" className={to ? classes.link : undefined}>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      {value === undefined && !failed ? (
        <Skeleton height={30} width={80} my={4} />
      ) : (
        <Text fz={28} fw={650} lh={1.35} className="figures">
          {value?.toLocaleString() ?? '–'}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {failed ? 'could not be read' : (note ?? ' ')}
      </Text>
    </Paper>
  );
  return to ? (
    <UnstyledButton component={Link} to={to} className={classes.card}>
      {content}
    </UnstyledButton>
  ) : (
    content
  );
}
