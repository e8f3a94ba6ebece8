import { Button, Group, Select, TextInput } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { IconFilterOff } from '@tabler/icons-react';
import { useState } from 'react';
import type { ListState } from './list-state';

interface FilterProps {
  state: ListState;
  /** The API's parameter. */
  name: string;
  /** What it filters by, for those who do not see the column. */
  label: string;
}

/** Part of a text; Enter applies it, and so does leaving the field. */
export function TextFilter({ state, name, label, inputMode }: FilterProps & { inputMode?: 'numeric' }) {
  const applied = state.filters[name] ?? '';
  const apply = (text: string) => {
    if (text.trim() !== applied) state.setFilters({ [name]: text.trim() });
  };
  return (
    <TextInput
      // Where the address changes it, the field begins anew.
      key={applied}
      size="xs"
      miw={90}
      inputMode={inputMode}
      aria-label={`Filter by ${label}`}
      placeholder="Filter"
      defaultValue={applied}
      onBlur={(event) => apply(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') apply(event.currentTarget.value);
      }}
    />
  );
}

export interface Choice {
  value: string;
  label: string;
}

export function ChoiceFilter({
  state,
  name,
  label,
  choices,
  searchable,
}: FilterProps & { choices: readonly (Choice | string)[]; searchable?: boolean }) {
  return (
    <Select
      size="xs"
      miw={90}
      aria-label={`Filter by ${label}`}
      placeholder="Any"
      clearable
      searchable={searchable}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      data={choices as Choice[]}
      value={state.filters[name] ?? null}
      onChange={(value) => state.setFilters({ [name]: value })}
    />
  );
}

interface DayRangeProps extends FilterProps {
  /** The API's parameters for either end. */
  from: string;
  to: string;
}

/** From one day of the viewer's zone to another, both included. */
export function DayRangeFilter(props: DayRangeProps) {
  const { filters } = props.state;
  return <DayRange key={`${filters[props.from]} ${filters[props.to]}`} {...props} />;
}

function DayRange({ state, name, label, from, to }: DayRangeProps) {
  const end = state.filters[to];
  const [chosen, setChosen] = useState<[string | null, string | null]>([
    dayOf(state.filters[from]),
    end ? dayOf(new Date(Date.parse(end) - 1).toISOString()) : null,
  ]);
  // The button's name is what it shows; what it filters by is the group's.
  return (
    <div role="group" aria-label={`Filter by ${label}`}>
      <DatePickerInput
        type="range"
        size="xs"
        miw={120}
        data-filter={name}
        placeholder="Any time"
        valueFormat="D MMM"
        allowSingleDateInRange
        clearable
        value={chosen}
        onChange={([first, last]) => {
          setChosen([first, last]);
          if (first === null && last === null) state.setFilters({ [from]: null, [to]: null });
          if (first !== null && last !== null)
            state.setFilters({ [from]: startOfDay(first), [to]: startOfDay(last, 1) });
        }}
      />
    </div>
  );
}

export function ClearFilters({ state }: { state: ListState }) {
  if (Object.keys(state.filters).length === 0) return null;
  return (
    <Group>
      <Button
        size="xs"
        variant="subtle"
        leftSection={<IconFilterOff size={14} aria-hidden />}
        onClick={state.clearFilters}
      >
        Clear filters
      </Button>
    </Group>
  );
}

function dayOf(at: string | undefined): string | null {
  if (!at) return null;
  const time = new Date(at);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

/** @param day `YYYY-MM-DD` in the viewer's zone */
function startOfDay(day: string, daysLater = 0): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return new Date(year, month - 1, date + daysLater).toISOString();
}
