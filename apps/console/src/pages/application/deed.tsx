import { ActionIcon, Tooltip } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';

/** Something that can be done to one row. */
export function Deed({ label, icon: DeedIcon, onClick }: { label: string; icon: Icon; onClick: () => void }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
        <DeedIcon size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
