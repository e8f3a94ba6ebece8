import { Body, ValidationPipe, type ArgumentMetadata, type Type, type ValidationError } from '@nestjs/common';
import { Problem, type FieldError } from './errors/problem.js';

/** More than any DTO has. A body has room for a hundred thousand, and naming them all takes seconds. */
const MAX_FIELDS = 100;

/**
 * Validates every body against its DTO: unknown fields are refused by name, and every field that is
 * wrong is named at once.
 */
class DtoPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => Problem.invalid(errors.flatMap((error) => fieldErrors(error))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (this.toValidate(metadata)) requirePlainObject(value);
    return super.transform(value, metadata);
  }
}

const pipe = new DtoPipe();

/**
 * A JSON body, validated against its DTO. Not a pipe of the whole server: that would run for every
 * parameter of every route, most of which are no bodies. The linter keeps `Body` itself out.
 */
export function JsonBody(): ParameterDecorator {
  return Body(pipe);
}

/** The same for what comes by another way than a request, e.g. the command line. @throws Problem 400 */
export function validated<Dto>(type: Type<Dto>, value: unknown): Promise<Dto> {
  return pipe.transform(value, { type: 'body', metatype: type }) as Promise<Dto>;
}

/**
 * A DTO is made of a JSON object alone: a form or a stream is of another media type, and
 * class-transformer would take a stream apart. It also passes over what every object has, and Nest's
 * pipe drops `prototype`.
 */
function requirePlainObject(body: unknown): void {
  if (body === undefined) return;
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Problem(400, 'invalid_request', 'The body must be a JSON object.');
  if (Object.getPrototypeOf(body) !== Object.prototype)
    throw new Problem(415, 'unsupported_media_type', 'The body must be application/json.');
  const keys = Object.keys(body);
  if (keys.length > MAX_FIELDS)
    throw Problem.invalidField('body', 'holds more fields than any request takes');
  const hidden = keys.filter((key) => key in Object.prototype || key === 'prototype');
  if (hidden.length > 0)
    throw Problem.invalid(hidden.map((field) => ({ field, message: 'is not a known field' })));
}

function fieldErrors(error: ValidationError, parent = ''): FieldError[] {
  const field = /^\d+$/.test(error.property)
    ? `${parent}[${error.property}]`
    : [parent, error.property].filter(Boolean).join('.');
  // Decorators run from the last to the first: the one that is written first, the type, says most.
  const [constraint, message] = Object.entries(error.constraints ?? {}).at(-1) ?? [];
  const own =
    message === undefined ? [] : [{ field, message: wording(constraint!, message, error.property) }];
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, field))];
}

/** class-validator names the property in its sentences; here the field is named beside them. */
function wording(constraint: string, message: string, property: string): string {
  if (constraint === 'whitelistValidation') return 'is not a known field';
  if (message.startsWith(`${property} `)) return message.slice(property.length + 1);
  return message
    .replace(`each value in ${property} `, 'each value ')
    .replace(`All ${property}'s elements`, 'all elements');
}
