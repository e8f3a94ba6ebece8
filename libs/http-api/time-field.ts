import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsDate } from 'class-validator';
import { parseTime } from './lists/filters.js';

/** A DTO's field that holds an RFC 3339 time; it arrives as a Date. */
export function TimeField(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => (typeof value === 'string' ? timeOr(value) : value)),
    IsDate({ message: 'must be an RFC 3339 time, such as 2026-01-31T12:00:00Z' }),
  );
}

function timeOr(text: string): Date | string {
  try {
    return parseTime(text);
  } catch {
    return text;
  }
}
