import type { UseFormReturnType } from '@mantine/form';
import { Problem } from '../api/problem';

/**
 * Puts what the server says of fields at the fields, by the names that the API gives them.
 * @returns what is left to be said above the form: an error that is of no field of it
 */
export function fieldErrors<Values extends Record<string, unknown>>(
  form: UseFormReturnType<Values>,
  error: unknown,
): unknown {
  if (!(error instanceof Problem)) return error;
  const known = form.getValues();
  // `redirect_uris[1]` stands at `redirect_uris`, and says which one it is about.
  const fields = Object.entries(error.fields).map(([path, message]) => {
    const [, name = path, index] = /^([^.[]+)(?:\[(\d+)\])?/.exec(path) ?? [];
    return [
      name,
      index === undefined ? message : `${entryOf(known[name], Number(index))} ${message}`,
    ] as const;
  });
  const own = fields.filter(([name]) => name in known);
  form.setErrors(Object.fromEntries(own));
  return own.length > 0 && own.length === fields.length ? undefined : error;
}

function entryOf(value: unknown, index: number): string {
  return Array.isArray(value) ? String(value[index]) : `No. ${index + 1}`;
}
