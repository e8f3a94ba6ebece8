import { Button, Group, Text } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { mustShowAgain, ownFactors } from '../../session/own-factors';
import { secondFactorShown } from '../../session/step-up';
import { applicationKey } from './use-application';

/**
 * What the server masks because a second factor was not shown lately: it is asked for, and the
 * application is read again. Nothing where that would change nothing.
 */
export function ShowInFull({ clientId }: { clientId: string }) {
  const queries = useQueryClient();
  const { data } = useQuery(ownFactors);
  if (!data || !mustShowAgain(data)) return null;
  const show = async () => {
    if (await secondFactorShown()) await queries.invalidateQueries({ queryKey: applicationKey(clientId) });
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
