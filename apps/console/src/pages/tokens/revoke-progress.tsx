import { Button, Group, Progress, ScrollArea, Stack, Table, Text } from '@mantine/core';
import { useApplicationNames } from '../../api/application-names';
import { ErrorState } from '../../ui/states';
import { plural } from '../../ui/time-text';
import type { Failure, RevocationProgress } from './revocation';

/** How far a revocation is, and what it could not do. */
export function RevokeProgress({
  total,
  progress: { revoked, failures },
  running,
  error,
  onStop,
  onClose,
}: {
  total: number;
  progress: RevocationProgress;
  running: boolean;
  error: unknown;
  onStop(): void;
  onClose(): void;
}) {
  const left = Math.max(total - revoked.size - failures.length, 0);
  return (
    <Stack gap="md">
      <Progress.Root size="lg">
        <Progress.Section
          value={(revoked.size / total) * 100}
          color="teal"
          aria-label="Tokens that are revoked"
        />
        <Progress.Section
          value={(failures.length / total) * 100}
          color="red"
          aria-label="Tokens that could not be revoked"
        />
      </Progress.Root>
      <Text size="sm" role="status" className="figures">
        {plural(revoked.size, 'token')} revoked
        {failures.length > 0 && `, ${failures.length} not`}
        {left > 0 && (running ? `, ${left.toLocaleString()} to go` : `, ${left.toLocaleString()} left alone`)}
        .
      </Text>
      {error !== undefined && <ErrorState error={error} />}
      {failures.length > 0 && <Failures failures={failures} />}
      <Group justify="flex-end">
        {running ? (
          <Button variant="default" onClick={onStop}>
            Stop
          </Button>
        ) : (
          <Button onClick={onClose}>Close</Button>
        )}
      </Group>
    </Stack>
  );
}

function Failures({ failures }: { failures: readonly Failure[] }) {
  const names = useApplicationNames();
  return (
    <ScrollArea.Autosize mah={240} viewportProps={{ tabIndex: 0 }}>
      <Table aria-label="Tokens that could not be revoked">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Token</Table.Th>
            <Table.Th>Application</Table.Th>
            <Table.Th>Reason</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {failures.map(({ token, reason }) => (
            <Table.Tr key={token.id}>
              <Table.Td className="mono">{token.hint}</Table.Td>
              <Table.Td>{names?.get(token.client_id) ?? token.client_id}</Table.Td>
              <Table.Td>{reason}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}
