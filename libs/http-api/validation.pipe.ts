import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { Problem, type FieldError } from './errors/problem.js';

/** Validates every body against its DTO: unknown fields are refused by name, all errors come at once. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => Problem.invalid(errors.flatMap((error) => fieldErrors(error))),
  });
}

function fieldErrors(error: ValidationError, parent = ''): FieldError[] {
  const field = /^\d+$/.test(error.property)
    ? `${parent}[${error.property}]`
    : [parent, error.property].filter(Boolean).join('.');
  const own = Object.entries(error.constraints ?? {}).map(([constraint, message]) => ({
    field,
    message:
      constraint === 'whitelistValidation' ? 'is not a known field' : withoutField(message, error.property),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, field))];
}

/** class-validator begins its sentences with the property; here the field is named beside them. */
function withoutField(message: string, property: string): string {
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}
