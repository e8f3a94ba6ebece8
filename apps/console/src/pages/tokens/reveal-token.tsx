import { Button, Group, Stack, Text } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import { SecretText } from '../../ui/copyable';
import { ErrorState } from '../../ui/states';

/** The token itself, out of the vault; it goes with the drawer. */
export function RevealToken({ id }: { id: string }) {
  const reveal = useMutation({
    mutationFn: () => body(api.POST('/api/v1/tokens/{id}/reveal', { params: { path: { id } } })),
    gcTime: 0,
  });
  if (reveal.data) return <SecretText value={reveal.data.access_token} what="Access token" />;
  return (
    <Stack gap="xs">
      {reveal.error && <ErrorState error={reveal.error} />}
      <Group gap="sm">
        <Button
          variant="default"
          leftSection={<IconEye size={16} aria-hidden />}
          loading={reveal.isPending}
          onClick={() => reveal.mutate()}
        >
          Show the token
        </Button>
        <Text size="xs" c="dimmed">
          The look is on record in the audit log.
        </Text>
      </Group>
    </Stack>
  );
}
