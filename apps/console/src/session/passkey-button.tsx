import { Button, Divider } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { api, body } from '../api/client';
import { ErrorState } from '../ui/states';
import { showPasskey } from './passkeys';

/** Shows a passkey for what needs a second factor. */
export function PasskeyButton({ onDone }: { onDone(): void }) {
  const show = useMutation({
    mutationFn: async () => {
      const { options } = await body(api.POST('/api/v1/account/second-factor/verification/options'));
      const assertion = await showPasskey(options);
      await api.POST('/api/v1/account/second-factor/verification', { body: { assertion } });
    },
    gcTime: 0,
    onSuccess: onDone,
  });
  return (
    <>
      {show.error && <ErrorState error={show.error} />}
      <Button
        variant="default"
        leftSection={<IconFingerprint size={18} aria-hidden />}
        loading={show.isPending}
        data-autofocus
        onClick={() => show.mutate()}
      >
        Use a passkey
      </Button>
      <Divider label="or" />
    </>
  );
}
