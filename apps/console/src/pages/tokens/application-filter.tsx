import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApplicationNames } from '../../api/application-names';
import { api, body } from '../../api/client';
import type { ListState } from '../../ui/list-state';

const OFFERED = 50;

/** One application, found by its name or client id. */
export function ApplicationFilter({ state }: { state: ListState }) {
  const names = useApplicationNames();
  const chosen = state.filters.client_id ?? null;
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 150);
  const found = useQuery({
    queryKey: ['clients', 'choices', search],
    queryFn: async () => {
      const query = { limit: OFFERED, sort: 'name', ...(search && { search }) } as const;
      return (await body(api.GET('/api/v1/clients', { params: { query } }))).items;
    },
    placeholderData: keepPreviousData,
  });
  const choices = new Map((found.data ?? []).map(({ client_id, name }) => [client_id, name]));
  // The chosen one keeps its name, whatever is looked for.
  if (chosen !== null && !choices.has(chosen)) choices.set(chosen, names?.get(chosen) ?? chosen);
  return (
    <Select
      size="xs"
      miw={150}
      aria-label="Filter by application"
      placeholder="Any"
      clearable
      searchable
      // The server has looked for them, by more than their names.
      filter={({ options }) => options}
      onSearchChange={setTyped}
      comboboxProps={{ width: 260, position: 'bottom-start' }}
      nothingFoundMessage="Nothing is called that."
      data={[...choices].map(([value, label]) => ({ value, label }))}
      value={chosen}
      onChange={(client_id) => state.setFilters({ client_id })}
    />
  );
}
