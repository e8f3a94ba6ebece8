import { Group, Text } from '@mantine/core';

/** The gate and the name. */
export function Brand({ size = 28 }: { size?: number }) {
  return (
    <Group gap={size / 3} wrap="nowrap">
      <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="#1c5d99" />
        <path d="M9 26V14a7 7 0 0 1 14 0v12h-4V14a3 3 0 0 0-6 0v12z" fill="#fff" />
        <circle cx="16" cy="19" r="1.6" fill="#ffd166" />
      </svg>
      <Text fw={700} fz={size * 0.68} lh={1} style={{ letterSpacing: '-0.02em' }}>
        Postern
      </Text>
    </Group>
  );
}
