import { pageFormOf, Problem, type FieldError, type FormParameters } from '#http-api';
import { MAX_PASSWORD } from '#oauth-protocol';

const MAX_USERNAME = 64;

/** What a sign-in form sends. */
export interface Credentials {
  username: string;
  password: string;
}

/**
 * The form of a request, with no field twice.
 * @throws Problem 415, or 400 for a field that comes twice
 */
export function formOf(body: unknown): FormParameters {
  const form = pageFormOf(body);
  const repeated = form.repeated();
  if (repeated.length > 0)
    throw Problem.invalid(repeated.map((field) => ({ field, message: 'must not be repeated' })));
  return form;
}

/** What is wrong with what a person typed, field by field; nothing where it can be tried. */
export function faultsOf({ username, password }: Credentials): FieldError[] {
  return [...faultOf('Username', username, MAX_USERNAME), ...faultOf('Password', password, MAX_PASSWORD)];
}

function faultOf(field: string, value: string, max: number): FieldError[] {
  if (value === '') return [{ field, message: 'is missing' }];
  if ([...value].length > max) return [{ field, message: `has more than ${max} characters` }];
  return [];
}
