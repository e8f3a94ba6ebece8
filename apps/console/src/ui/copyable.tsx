import { ActionIcon, Box, CopyButton, Group, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';

/** A button that puts a text on the clipboard, and says that it has. */
export function Copy({ value, label }: { value: string; label: string }) {
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : label}>
          <ActionIcon
            variant="subtle"
            color={copied ? 'teal' : 'gray'}
            onClick={copy}
            aria-label={copied ? 'Copied' : label}
          >
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** An identifier, with a button to copy it. */
export function CopyableText({ value, what }: { value: string; what: string }) {
  return (
    <Group gap={4} wrap="nowrap" miw={0}>
      <Text className="mono" truncate title={value}>
        {value}
      </Text>
      <Copy value={value} label={`Copy the ${what}`} />
    </Group>
  );
}

/** A secret, hashed out; it shows itself under the pointer and to the keyboard, and can be copied. */
export function SecretText({ value, what }: { value: string; what: string }) {
  const [shown, setShown] = useState(false);
  const show = () => setShown(true);
  const hide = () => setShown(false);
  return (
    <Group gap={4} wrap="nowrap" miw={0}>
      <Box
        component="output"
        className="mono"
        aria-label={what}
        tabIndex={0}
        onMouseEnter={show}
        onMouseLeave={hide}
        onFocus={show}
        onBlur={hide}
        px="xs"
        py={6}
        style={{
          overflowWrap: 'anywhere',
          border: '1px solid var(--mantine-color-default-border)',
          borderRadius: 'var(--mantine-radius-md)',
          background: 'var(--mantine-color-default)',
          flex: 1,
        }}
      >
        {shown ? value : '•'.repeat(Math.min(value.length, 43))}
      </Box>
      <Copy value={value} label={`Copy the ${what.toLowerCase()}`} />
    </Group>
  );
}
