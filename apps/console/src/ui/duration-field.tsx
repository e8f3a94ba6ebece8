import { Button, Group, Input, NativeSelect, NumberInput } from '@mantine/core';
import { useId } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { durationText } from './time-text';

const UNITS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const;
type Unit = keyof typeof UNITS;

interface DurationFieldProps {
  label: string;
  description?: ReactNode;
  error?: ReactNode;
  /** In seconds; undefined while nothing is typed. */
  value?: number;
  onChange(seconds: number | undefined): void;
  /** Seconds that are often wanted, at one press. */
  presets?: readonly number[];
}

/** A length of time in the unit that suits it; a preset says it at one press. */
export function DurationField({ label, description, error, value, onChange, presets }: DurationFieldProps) {
  const id = useId();
  const [chosen, setUnit] = useState<Unit>();
  // Where the value comes from elsewhere and is no whole number of the unit, the unit gives way.
  const unit =
    chosen && (value === undefined || value % UNITS[chosen] === 0) ? chosen : unitOf(value ?? UNITS.hours);
  return (
    <Input.Wrapper id={id} label={label} description={description} error={error}>
      <Group gap="xs" wrap="nowrap" mt={4}>
        <NumberInput
          id={id}
          aria-describedby={error ? `${id}-error` : description ? `${id}-description` : undefined}
          error={Boolean(error)}
          min={1}
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator=" "
          flex={1}
          value={value === undefined ? '' : value / UNITS[unit]}
          onChange={(amount) => {
            setUnit(unit);
            onChange(typeof amount === 'number' ? amount * UNITS[unit] : undefined);
          }}
        />
        <NativeSelect
          aria-label={`${label}: unit`}
          data={Object.keys(UNITS)}
          value={unit}
          onChange={(event) => {
            const next = event.currentTarget.value as Unit;
            setUnit(next);
            if (value !== undefined) onChange((value / UNITS[unit]) * UNITS[next]);
          }}
        />
      </Group>
      {presets && (
        <Group gap={4} mt={6} role="group" aria-label={`${label}: often wanted`}>
          {presets.map((seconds) => (
            <Button
              key={seconds}
              size="compact-xs"
              variant={seconds === value ? 'light' : 'default'}
              aria-pressed={seconds === value}
              onClick={() => {
                setUnit(undefined);
                onChange(seconds);
              }}
            >
              {durationText(seconds)}
            </Button>
          ))}
        </Group>
      )}
    </Input.Wrapper>
  );
}

/** The largest unit of which it is a whole number. */
function unitOf(seconds: number): Unit {
  const units = Object.keys(UNITS).toReversed() as Unit[];
  return units.find((unit) => seconds > 0 && seconds % UNITS[unit] === 0) ?? 'seconds';
}
