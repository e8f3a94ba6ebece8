import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { FormParameters, pageFormOf, Problem } from '#http-api';

/**
 * What an authorization request carries: the query of a GET, the form of a POST (RFC 6749 §3.1),
 * whatever the names.
 * @throws Problem 415 for a POST of another media type
 */
export const AuthorizationParameters = createParamDecorator(
  (_: unknown, context: ExecutionContext): FormParameters => {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    return request.method === 'POST' ? pageFormOf(request.body) : FormParameters.parse(queryOf(request));
  },
);

/** The form of a page of ours, with these fields and no others. @throws Problem that names each other one */
export const PageForm = createParamDecorator(
  (known: readonly string[], context: ExecutionContext): FormParameters => {
    const form = pageFormOf(context.switchToHttp().getRequest<FastifyRequest>().body);
    const errors = form.nameFaults(known, 'operation');
    if (errors.length > 0) throw Problem.invalid(errors);
    return form;
  },
);

function queryOf({ raw }: FastifyRequest): string {
  const mark = raw.url!.indexOf('?');
  return mark < 0 ? '' : raw.url!.slice(mark + 1);
}
