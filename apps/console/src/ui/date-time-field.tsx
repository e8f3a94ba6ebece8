import { DateTimePicker } from '@mantine/dates';
import type { ReactNode } from 'react';

interface DateTimeFieldProps {
  label: string;
  description?: ReactNode;
  error?: ReactNode;
  placeholder?: string;
  /** RFC 3339; null for none. */
  value?: string | null;
  onChange(at: string | null): void;
  clearable?: boolean;
  /** No earlier day can be chosen. */
  earliest?: Date;
}

/** A date and a time of day in the viewer's zone. */
export function DateTimeField({ value, onChange, earliest, ...props }: DateTimeFieldProps) {
  return (
    <DateTimePicker
      {...props}
      valueFormat="D MMM YYYY, HH:mm"
      value={value && localTime(new Date(value))}
      onChange={(local) => onChange(local && new Date(local.replace(' ', 'T')).toISOString())}
      minDate={earliest && localTime(earliest)}
      highlightToday
      submitButtonProps={{ 'aria-label': 'Take this date and time' }}
      clearButtonProps={{ 'aria-label': `Clear: ${props.label}` }}
    />
  );
}

/** As the picker takes it: `YYYY-MM-DD HH:mm:ss` on the viewer's clock. */
function localTime(time: Date): string {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ');
}
