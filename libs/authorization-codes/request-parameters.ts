import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { FormParameters, Problem } from '#http-api';

/**
 * What an authorization request carries: the query of a GET, the form of a POST (RFC 6749 §3.1),
 * whatever the names.
 * @throws Problem 415 for a POST of another media type
 */
export const AuthorizationParameters = createParamDecorator(
  (_: unknown, context: ExecutionContext): FormParameters => {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    return request.method === 'POST' ? formOf(request) : FormParameters.parse(queryOf(request));
  },
);

/** The form of a page of ours, with these fields and no others. @throws Problem that names each other one */
export const PageForm = createParamDecorator(
  (known: readonly string[], context: ExecutionContext): FormParameters => {
    const form = formOf(context.switchToHttp().getRequest<FastifyRequest>());
    const errors = form.nameFaults(known, 'operation');
    if (errors.length > 0) throw Problem.invalid(errors);
    return form;
  },
);

function formOf({ body }: FastifyRequest): FormParameters {
  if (body instanceof FormParameters) return body;
  throw new Problem(
    415,
    'unsupported_media_type',
    'This is taken as a form: application/x-www-form-urlencoded.',
  );
}

function queryOf({ raw }: FastifyRequest): string {
  const mark = raw.url!.indexOf('?');
  return mark < 0 ? '' : raw.url!.slice(mark + 1);
}
