import { ActionIcon, Group, Tooltip } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';

export interface RowAction {
  /** The deed and what it is done to, for those who do not see the row. */
  label: string;
  icon: Icon;
  onClick(): void;
  danger?: boolean;
}

/** What can be done to one row. */
export function RowActions({ actions }: { actions: readonly RowAction[] }) {
  return (
    <Group gap={2} wrap="nowrap" justify="flex-end">
      {actions.map(({ label, icon: Icon, onClick, danger }) => (
        <Tooltip key={label} label={label}>
          <ActionIcon variant="subtle" color={danger ? 'red' : 'gray'} aria-label={label} onClick={onClick}>
            <Icon size={16} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      ))}
    </Group>
  );
}
