import { Tooltip } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';

/** A token that is good with its key alone. */
export function BoundMark() {
  return (
    <Tooltip label="Bound to a key">
      <IconKey size={14} role="img" aria-label="bound to a key" style={{ flexShrink: 0 }} />
    </Tooltip>
  );
}
