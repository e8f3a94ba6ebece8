import { Alert, Button, Group, Modal, Paper, Stack, Text, Title } from '@mantine/core';
import type { components } from '../../api/schema';
import { CopyableText, SecretText } from '../../ui/copyable';

/** Shows what nobody is shown again. It closes by its button alone. */
export function DefaultClients({
  customer: { name, default_clients },
  onClose,
}: {
  customer: components['schemas']['CreatedCustomerDto'];
  onClose(): void;
}) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={`${name} is added`}
      size="lg"
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <Stack gap="md">
        <Alert variant="light" color="orange">
          It begins with two API applications. Copy their secrets now: this is the one time that they are
          shown.
        </Alert>
        {default_clients.map(({ client_id, name: clientName, client_secret }) => (
          <Paper key={client_id} withBorder p="sm">
            <Title order={3} size="h5" mb="xs" style={{ overflowWrap: 'anywhere' }}>
              {clientName}
            </Title>
            <Text size="sm" c="dimmed">
              Client id
            </Text>
            <CopyableText value={client_id} what={`client id of ${clientName}`} />
            <Text size="sm" c="dimmed" mt="xs">
              Client secret
            </Text>
            <SecretText value={client_secret} what={`Secret of ${clientName}`} />
          </Paper>
        ))}
        <Group justify="flex-end">
          <Button onClick={onClose}>I have copied them</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
