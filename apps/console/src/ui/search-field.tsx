import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { ListState } from './list-state';

/** Looks through a list by the API's `search`; Enter applies it, and so does leaving the field. */
export function SearchField({ state, label }: { state: ListState; label: string }) {
  const applied = state.filters.search ?? '';
  const apply = (text: string) => {
    if (text.trim() !== applied) state.setFilters({ search: text.trim() });
  };
  return (
    <TextInput
      // Where the address changes it, the field begins anew.
      key={applied}
      type="search"
      aria-label={label}
      placeholder="Search"
      title={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      defaultValue={applied}
      onBlur={(event) => apply(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') apply(event.currentTarget.value);
      }}
    />
  );
}
