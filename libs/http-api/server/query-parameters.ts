import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../errors/problem.js';
import { FormParameters } from './form-parameters.js';

/**
 * The query of a route that takes these parameters and no others.
 * @throws Problem 400 that names each parameter that is unknown or repeated
 */
export const QueryParameters = createParamDecorator(
  (known: readonly string[], context: ExecutionContext): FormParameters => {
    const { url } = context.switchToHttp().getRequest<FastifyRequest>().raw;
    const mark = url!.indexOf('?');
    const parameters = FormParameters.parse(mark < 0 ? '' : url!.slice(mark + 1));
    const errors = parameters.nameFaults(known, 'operation');
    if (errors.length > 0) throw Problem.invalid(errors);
    return parameters;
  },
);
