import { Problem, FormParameters, type FieldError } from '#http-api';
import { MAX_PASSWORD } from '#oauth-protocol';

const MAX_USERNAME = 64;

/** What a sign-in form sends. */
export interface Credentials {
  username: string;
  password: string;
}

/**
 * The form of a request. A body of another kind is refused; none at all is an empty form.
 * @throws Problem 415, or 400 for a field that comes twice
 */
export function formOf(body: unknown): FormParameters {
  if (body === undefined || body === null) return FormParameters.parse('');
  if (!(body instanceof FormParameters))
    throw new Problem(415, 'unsupported_media_type', 'The body must be application/x-www-form-urlencoded.');
  const repeated = body.repeated();
  if (repeated.length > 0)
    throw Problem.invalid(repeated.map((field) => ({ field, message: 'must not be repeated' })));
  return body;
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
