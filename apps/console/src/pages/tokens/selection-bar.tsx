import { Button, Group, Paper, Text } from '@mantine/core';
import { IconBan } from '@tabler/icons-react';
import { plural } from '../../ui/time-text';
import type { RevocationPlan } from './revoke-confirmation';
import type { Token } from './tokens';

/** What can be done with the tokens that are chosen. */
export function SelectionBar({
  tokens,
  onPlan,
  onClear,
}: {
  tokens: readonly Token[];
  onPlan(plan: RevocationPlan): void;
  onClear(): void;
}) {
  return (
    <Paper withBorder px="sm" py={6} mb="sm" role="region" aria-label="Selection">
      <Group gap="sm">
        <Text size="sm" fw={600} role="status">
          {plural(tokens.length, 'token')} selected
        </Text>
        <Button
          size="xs"
          color="red"
          leftSection={<IconBan size={14} aria-hidden />}
          onClick={() => onPlan(planFor(tokens))}
        >
          Revoke
        </Button>
        <Button size="xs" variant="subtle" onClick={onClear}>
          Clear the selection
        </Button>
      </Group>
    </Paper>
  );
}

function planFor(chosen: readonly Token[]): RevocationPlan {
  const active = chosen.filter(({ status }) => status === 'active');
  const byApplication = new Map<string, number>();
  for (const { client_id } of active) byApplication.set(client_id, (byApplication.get(client_id) ?? 0) + 1);
  return {
    total: active.length,
    tokens: () => active,
    byApplication,
    ended: chosen.length - active.length,
  };
}
