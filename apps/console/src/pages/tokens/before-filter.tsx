import { DatePickerInput } from '@mantine/dates';
import { useState } from 'react';
import type { ListState } from '../../ui/list-state';

/** Before the beginning of a day, in the viewer's zone. */
export function BeforeFilter(props: { state: ListState; name: string; label: string }) {
  return <Before key={props.state.filters[props.name]} {...props} />;
}

function Before({ state, name, label }: { state: ListState; name: string; label: string }) {
  const applied = state.filters[name];
  const [day, setDay] = useState(() => (applied === undefined ? null : new Date(applied)));
  return (
    <DatePickerInput
      size="xs"
      miw={110}
      aria-label={`Filter by ${label}`}
      placeholder="Before"
      valueFormat="[before] D MMM YYYY"
      clearable
      value={day}
      onChange={(text) => {
        const chosen = text === null ? null : new Date(`${text}T00:00:00`);
        setDay(chosen);
        state.setFilters({ [name]: chosen?.toISOString() ?? null });
      }}
    />
  );
}
