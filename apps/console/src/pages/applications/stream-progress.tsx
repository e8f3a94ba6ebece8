import { Group, Progress, Text } from '@mantine/core';

/** How far a whole list has come. @param total undefined while it is being counted */
export function StreamProgress({ read, total }: { read: number; total: number | undefined }) {
  const share = total ? Math.min((read / total) * 100, 100) : 0;
  return (
    <Group gap="sm" mb="xs">
      <Progress value={share} flex={1} aria-label="Applications loaded" transitionDuration={100} />
      <Text size="xs" c="dimmed" className="figures">
        {read.toLocaleString()} of {total === undefined ? '…' : total.toLocaleString()}
      </Text>
    </Group>
  );
}
