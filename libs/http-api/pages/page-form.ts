import { Problem } from '../errors/problem.js';
import { FormParameters } from '../server/form-parameters.js';

/**
 * What a form of a page of ours sent; no body at all is an empty form.
 * @throws Problem 415 for a body of another media type
 */
export function pageFormOf(body: unknown): FormParameters {
  if (body instanceof FormParameters) return body;
  if (body === undefined || body === null) return FormParameters.parse('');
  throw new Problem(415, 'unsupported_media_type', 'The body must be application/x-www-form-urlencoded.');
}
