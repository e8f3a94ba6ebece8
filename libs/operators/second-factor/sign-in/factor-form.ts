import type { FormParameters } from '#http-api';

const MAX_CODE = 64;

/**
 * What a form of a second factor holds.
 * @returns what is wrong with it in words, where it cannot be tried
 */
export function answerOf<Field extends 'assertion' | 'registration'>(
  form: FormParameters,
  field: Field,
): { code: string } | Record<Field, unknown> | string {
  const answer = form.get(field);
  if (answer) {
    try {
      return { [field]: JSON.parse(answer) as unknown } as Record<Field, unknown>;
    } catch {
      return 'The browser’s answer could not be read. Please try again.';
    }
  }
  const code = form.get('code') ?? '';
  if (code.trim() === '') return 'The code is missing.';
  if ([...code].length > MAX_CODE) return `The code has more than ${MAX_CODE} characters.`;
  return { code };
}
