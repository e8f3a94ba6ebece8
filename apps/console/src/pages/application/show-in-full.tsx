import { Button, Group, Text } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ownFactors } from '../../session/own-factors';
import { secondFactorShown } from '../../session/step-up';
import { applicationKey } from './use-application';

/**
 * What the server masks where a second factor was not shown lately: it is asked for, and the
 * application is read again. Whoever has no second factor sees all that there is.
 */
export function ShowInFull({ clientId }: { clientId: string }) {
  const queries = useQueryClient();
  const { data } = useQuery(ownFactors);
  const [looked, setLooked] = useState(false);
  if (!data?.enrolled) return null;
  if (looked)
    return (
      <Text size="sm" c="dimmed">
        What is still masked was not kept.
      </Text>
    );
  const show = async () => {
    if (!(await secondFactorShown())) return;
    await queries.invalidateQueries({ queryKey: applicationKey(clientId) });
    setLooked(true);
  };
  return (
    <Group gap="sm">
      <Button variant="default" leftSection={<IconEye size={16} aria-hidden />} onClick={() => void show()}>
        Show them in full
      </Button>
      <Text size="xs" c="dimmed">
        Asks for your second factor. The look is on record in the audit log.
      </Text>
    </Group>
  );
}
