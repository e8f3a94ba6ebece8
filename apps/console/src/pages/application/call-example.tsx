import { Box, Group, Text } from '@mantine/core';
import { Copy } from '../../ui/copyable';

/** A first call with a token: hashed out on the page, whole on the clipboard. */
export function CallExample({ token, path }: { token: string; path: string }) {
  const command = (shown: string) => `curl -H 'Authorization: Bearer ${shown}' '${location.origin}${path}'`;
  return (
    <div>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" fw={500}>
          Call with it
        </Text>
        <Copy value={command(token)} label="Copy the call" />
      </Group>
      <Box
        component="pre"
        className="mono"
        tabIndex={0}
        role="region"
        aria-label="A call with curl"
        m={0}
        p="xs"
        bg="light-dark(var(--mantine-color-gray-1), var(--mantine-color-dark-8))"
        style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', borderRadius: 'var(--mantine-radius-md)' }}
      >
        {command('•'.repeat(12))}
      </Box>
    </div>
  );
}
