import { Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../../api/client';
import { ownFactors } from '../../../session/own-factors';
import { ConfirmWindow } from '../../../ui/confirm-window';
import { plural } from '../../../ui/time-text';

/** From here on, it is time for new ones. */
const FEW = 2;

export function RecoveryCodesLeft({ left, onMade }: { left: number; onMade(codes: string[]): void }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const make = async () => {
    const made = await body(api.POST('/api/v1/account/second-factor/recovery-codes'));
    onMade(made.recovery_codes);
    await client.invalidateQueries({ queryKey: ownFactors.queryKey });
  };
  return (
    <Group justify="space-between" mt="md" gap="sm">
      <Text size="sm" c={left <= FEW ? 'orange' : undefined}>
        {plural(left, 'recovery code')} {left === 1 ? 'is' : 'are'} left, for when you have lost the rest.
      </Text>
      <Button variant="default" size="xs" onClick={() => setAsking(true)}>
        Make new recovery codes
      </Button>
      {asking && (
        <ConfirmWindow
          title="Make new recovery codes?"
          action="Make new codes"
          act={make}
          onClose={() => setAsking(false)}
        >
          Those that you have kept are worth nothing from then on.
        </ConfirmWindow>
      )}
    </Group>
  );
}
