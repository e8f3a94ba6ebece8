import { Group, TextInput } from '@mantine/core';
import type { ListState } from '../../ui/list-state';

/** A number from one to another, both included. */
export function RangeFilter({ state, name, label }: { state: ListState; name: string; label: string }) {
  return (
    <Group gap={4} wrap="nowrap">
      <Bound state={state} parameter={`${name}_from`} label={`${label}, at least`} placeholder="From" />
      <Bound state={state} parameter={`${name}_to`} label={`${label}, at most`} placeholder="To" />
    </Group>
  );
}

interface BoundProps {
  state: ListState;
  parameter: string;
  label: string;
  placeholder: string;
}

function Bound({ state, parameter, label, placeholder }: BoundProps) {
  const applied = state.filters[parameter] ?? '';
  const apply = (text: string) => {
    const digits = text.replaceAll(/\D/g, '');
    if (digits !== applied) state.setFilters({ [parameter]: digits });
  };
  return (
    <TextInput
      key={applied}
      size="xs"
      w={64}
      inputMode="numeric"
      aria-label={`Filter by ${label}`}
      placeholder={placeholder}
      defaultValue={applied}
      onBlur={(event) => apply(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') apply(event.currentTarget.value);
      }}
    />
  );
}
