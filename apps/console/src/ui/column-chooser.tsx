import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import type { DataColumn } from './data-table';
import type { ListState } from './list-state';

/** Which columns a table shows. */
export function ColumnChooser<Row>({
  columns,
  state: { hidden, setHidden },
}: {
  columns: readonly DataColumn<Row>[];
  state: ListState;
}) {
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} aria-hidden />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {columns
            .filter(({ fixed }) => !fixed)
            .map(({ id, header }) => (
              <Checkbox
                key={id}
                size="xs"
                label={header}
                checked={!hidden.includes(id)}
                onChange={(event) =>
                  setHidden(
                    event.currentTarget.checked ? hidden.filter((one) => one !== id) : [...hidden, id],
                  )
                }
              />
            ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
