import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { SecretText } from '../../ui/copyable';
import { ErrorState } from '../../ui/states';

/** A credential again, out of the vault. It is forgotten with the window. */
export function RevealWindow({
  what,
  reveal,
  onClose,
}: {
  /** “Client secret”. */
  what: string;
  reveal(): Promise<string>;
  onClose: () => void;
}) {
  const queries = useQueryClient();
  const look = useMutation({
    mutationFn: reveal,
    gcTime: 0,
    onSettled: () => void queries.invalidateQueries({ queryKey: ['audit-events'] }),
  });
  const close = () => {
    if (!look.isPending) onClose();
  };
  return (
    <Modal opened onClose={close} title={`Look at the ${what.toLowerCase()} again`}>
      <Stack gap="sm">
        <Text size="sm">Every look is on record: the audit log says who looked, when, and from where.</Text>
        {look.data !== undefined && <SecretText value={look.data} what={what} />}
        {look.error && <ErrorState error={look.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} disabled={look.isPending}>
            {look.data === undefined ? 'Cancel' : 'Done'}
          </Button>
          {look.data === undefined && (
            <Button onClick={() => look.mutate()} loading={look.isPending} data-autofocus>
              Show the {what.toLowerCase()}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
