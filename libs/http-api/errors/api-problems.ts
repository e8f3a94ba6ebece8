import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ProblemDocument } from './problem.js';

const DESCRIPTIONS: Record<number, string> = {
  400: 'Something in the request is wrong; `errors` names the fields.',
  404: 'There is no such thing, or it belongs to another customer.',
  406: '`Accept` allows none of the media types that there are.',
  408: 'The body stopped coming.',
  409: 'It contradicts what is there already.',
  412: 'It has changed since it was read.',
  413: 'The body is too large.',
  415: 'The body’s media type is not taken here.',
  429: 'Too many attempts have failed; `Retry-After` says for how long none is made.',
  507: 'There is no room on the disk for a body of this size.',
};

/** Documents the refusals of a route, beyond 401 and 403, as problem documents. */
export function ApiProblems(...statuses: (keyof typeof DESCRIPTIONS)[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiExtraModels(ProblemDocument),
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: DESCRIPTIONS[status],
        content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDocument) } } },
      }),
    ),
  );
}
