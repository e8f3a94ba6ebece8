import { DatePickerInput } from '@mantine/dates';
import { useState } from 'react';
import type { ListState } from '../../ui/list-state';

const shown = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

/** Before the beginning of a day, in the viewer's zone. */
export function BeforeFilter(props: { state: ListState; name: string; label: string }) {
  return <Before key={props.state.filters[props.name]} {...props} />;
}

function Before({ state, name, label }: { state: ListState; name: string; label: string }) {
  const applied = state.filters[name];
  const [day, setDay] = useState(() => (applied === undefined ? null : new Date(applied)));
  const text = day === null ? 'Before' : `Before ${shown.format(day)}`;
  return (
    <DatePickerInput
      size="xs"
      miw={110}
      aria-label={`Filter by ${label}: ${text}`}
      placeholder="Before"
      valueFormatter={() => text}
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
