import { Button, Text } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import type { OwnFactors } from '../../../session/own-factors';
import { DataTable, type DataColumn } from '../../../ui/data-table';
import { EmptyState } from '../../../ui/states';
import { TimeText } from '../../../ui/time-text';

/** A passkey, or the app, of which there is one. */
export interface Factor {
  kind: 'passkey' | 'app';
  id: string;
  name: string;
  created_at: string;
  last_used_at: string | null;
}

const APP = { kind: 'app', id: 'app', name: 'Authenticator app' } as const;
const KINDS: Record<Factor['kind'], string> = { passkey: 'Passkey', app: 'Shows a code every 30 seconds' };

/** @param factors undefined while they are on their way */
export function FactorTable({
  factors,
  onRemove,
}: {
  factors: OwnFactors | undefined;
  onRemove(factor: Factor): void;
}) {
  return (
    <DataTable
      label="Second factors"
      columns={columnsOf(onRemove)}
      rows={factors && listed(factors)}
      keyOf={({ id }) => id}
      empty={
        <EmptyState icon={IconShieldLock} title="You have no second factor">
          {factors?.required
            ? 'Your role requires one: you will be asked to set one up when you sign in next.'
            : 'Whoever learns your password can sign in as you. A passkey or an app keeps him out.'}
        </EmptyState>
      }
    />
  );
}

function listed({ passkeys, totp }: OwnFactors): Factor[] {
  return [
    ...passkeys.map((passkey) => ({ kind: 'passkey', ...passkey }) as const),
    ...(totp ? [{ ...APP, ...totp }] : []),
  ];
}

function columnsOf(onRemove: (factor: Factor) => void): DataColumn<Factor>[] {
  return [
    {
      id: 'name',
      header: 'Factor',
      cell: ({ kind, name }) => (
        <>
          <Text inherit fw={600} miw="8rem" style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Text>
          <Text size="xs" c="dimmed">
            {KINDS[kind]}
          </Text>
        </>
      ),
    },
    { id: 'created_at', header: 'Added', cell: ({ created_at }) => <TimeText at={created_at} /> },
    {
      id: 'last_used_at',
      header: 'Last used',
      cell: ({ last_used_at }) => <TimeText at={last_used_at} never="never" />,
    },
    {
      id: 'actions',
      header: '',
      align: 'right',
      sticky: true,
      cell: (factor) => (
        <Button
          size="compact-sm"
          variant="subtle"
          color="red"
          onClick={() => onRemove(factor)}
          aria-label={`Remove ${factor.name}`}
        >
          Remove
        </Button>
      ),
    },
  ];
}
