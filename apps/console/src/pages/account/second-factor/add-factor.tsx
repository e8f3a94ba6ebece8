import { Button, Group } from '@mantine/core';
import { IconDeviceMobile, IconFingerprint } from '@tabler/icons-react';
import type { OwnFactors } from '../../../session/own-factors';

/** What can be enrolled, and only where browsers can do it. */
export function AddFactor({
  factors,
  onPasskey,
  onApp,
}: {
  factors: OwnFactors;
  onPasskey(): void;
  onApp(): void;
}) {
  return (
    <Group gap="xs">
      {factors.passkeys_impossible_because === null && (
        <Button variant="default" leftSection={<IconFingerprint size={16} aria-hidden />} onClick={onPasskey}>
          Add a passkey
        </Button>
      )}
      <Button variant="default" leftSection={<IconDeviceMobile size={16} aria-hidden />} onClick={onApp}>
        {factors.totp ? 'Change the authenticator app' : 'Add an authenticator app'}
      </Button>
    </Group>
  );
}
