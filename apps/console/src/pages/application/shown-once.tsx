import { Alert, Stack } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useSession } from '../../session/session';
import { SecretText } from '../../ui/copyable';

/** A credential that was just made: the one time it is shown, unless there is a vault. */
export function ShownOnce({ value, what, children }: { value: string; what: string; children?: ReactNode }) {
  const { vault } = useSession().account;
  return (
    <Stack gap="sm">
      <Alert color="gate" variant="light" icon={<IconEyeOff />} title={`Copy the ${what.toLowerCase()} now`}>
        {vault
          ? 'Postern does not show it to you again. Owners can look at it later, and each look is on record.'
          : 'This is the one time that it is shown. Postern keeps only a hash of it.'}
      </Alert>
      <SecretText value={value} what={what} />
      {children}
    </Stack>
  );
}
