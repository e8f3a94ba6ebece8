import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem, type FieldError } from '../errors/problem.js';
import { textFault } from '../text.js';

/** RFC 8707 §2: "Multiple resource parameters MAY be used". */
const REPEATABLE = 'resource';

/**
 * The parameters of a form body or a query string, decoded strictly. RFC 6749 §3.2: "Request and
 * response parameters MUST NOT be included more than once", but for the one that may.
 */
export class FormParameters {
  private constructor(private readonly values: Map<string, string[]>) {}

  /** @throws Problem that names the parameter, for a bad escape, invalid UTF-8 or a NUL */
  static parse(text: string): FormParameters {
    const values = new Map<string, string[]>();
    for (const pair of text.split('&')) {
      if (pair === '') continue;
      const separator = pair.indexOf('=');
      const name = decode(separator < 0 ? pair : pair.slice(0, separator), 'body');
      const value = decode(separator < 0 ? '' : pair.slice(separator + 1), name);
      const known = values.get(name);
      if (known) known.push(value);
      else values.set(name, [value]);
    }
    return new FormParameters(values);
  }

  /** The same from what came in another shape. */
  static of(values: Record<string, string>): FormParameters {
    return new FormParameters(new Map(Object.entries(values).map(([name, value]) => [name, [value]])));
  }

  /** Those of these names alone, as they came. */
  only(names: readonly string[]): FormParameters {
    return new FormParameters(new Map([...this.values].filter(([name]) => names.includes(name))));
  }

  /** These, and in place of those of the same names others. */
  with(others: FormParameters): FormParameters {
    return new FormParameters(new Map([...this.values, ...others.values]));
  }

  /** As `parse` reads them. */
  toString(): string {
    const parameters = new URLSearchParams();
    for (const [name, values] of this.values) for (const value of values) parameters.append(name, value);
    return parameters.toString();
  }

  names(): string[] {
    return [...this.values.keys()];
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** Names that came more than once, and must not. */
  repeated(): string[] {
    return this.names().filter((name) => name !== REPEATABLE && this.values.get(name)!.length > 1);
  }

  /** @throws Problem 400 that names one that came more than once */
  requireSingle(): this {
    const [repeated] = this.repeated();
    if (repeated !== undefined) throw Problem.invalidField(repeated, 'must not be repeated');
    return this;
  }

  /** What is wrong with the names alone: one that came twice, one that is not known to `of`. */
  nameFaults(known: Iterable<string>, of: 'list' | 'operation'): FieldError[] {
    const expected = new Set(known);
    return [
      ...this.repeated().map((field) => ({ field, message: 'must not be repeated' })),
      ...this.names()
        .filter((name) => !expected.has(name))
        .map((field) => ({ field, message: `is not a parameter of this ${of}` })),
    ];
  }

  /** The same with one parameter under another name; sent under both, it came twice. */
  renamed(from: string, to: string): FormParameters {
    const values = new Map(this.values);
    const renamed = values.get(from);
    if (!renamed) return this;
    values.delete(from);
    values.set(to, [...(values.get(to) ?? []), ...renamed]);
    return new FormParameters(values);
  }

  /** The parameter's value; undefined where it is absent, and where it came more than once. */
  get(name: string): string | undefined {
    const values = this.values.get(name);
    return values?.length === 1 ? values[0] : undefined;
  }

  /** All values of a parameter that may come more than once; without a value it counts as absent. */
  all(name: typeof REPEATABLE): string[] {
    return (this.values.get(name) ?? []).filter((value) => value !== '');
  }
}

/**
 * A request's form body. RFC 6749 §3.2: parameters "MUST NOT be included more than once".
 * @throws Problem 400 where the body is no form, or holds a parameter twice
 */
export function formOf({ body }: FastifyRequest): FormParameters {
  if (!(body instanceof FormParameters)) {
    throw new Problem(400, 'invalid_request', 'The body must be application/x-www-form-urlencoded.');
  }
  return body.requireSingle();
}

/** The parameters of a form body. */
export const FormBody = createParamDecorator((_: unknown, context: ExecutionContext): FormParameters =>
  formOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

function decode(text: string, field: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw Problem.invalidField(field, 'is not valid percent-encoded UTF-8');
  }
  const fault = textFault(decoded);
  if (fault) throw Problem.invalidField(field, fault);
  return decoded;
}
