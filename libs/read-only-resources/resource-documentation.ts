import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery } from '@nestjs/swagger';
import { ApiETag, ApiList, ApiProblems, pascalCase } from '#http-api';
import type { Resource } from './resource.js';

export function DocumentedList(resource: Resource): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: `list${pascalCase(resource.name)}`,
      summary: `List ${resource.name.replaceAll('-', ' ')}`,
      description:
        `${resource.description} Those of the token’s customer, a page at a time; all at once, as a stream of ` +
        'NDJSON or CSV, with `Accept: application/x-ndjson` or `text/csv`.',
    }),
    ApiList(resource.list, resource.dto),
    ApiProblems(400),
  );
}

export function DocumentedRead(resource: Resource): MethodDecorator {
  const { singular, dto, fields, list } = resource;
  return applyDecorators(
    ApiOperation({
      operationId: `read${pascalCase(singular)}`,
      summary: `Read one ${singular}`,
      description: `One ${singular} of the token’s customer, by its id. The \`ETag\` changes when the answer does.`,
    }),
    ApiParam({
      name: 'id',
      description: `The ${singular}’s id.`,
      schema: { type: 'string', maxLength: 256, example: fields.find(({ name }) => name === 'id')!.example },
    }),
    ApiQuery({
      name: 'fields',
      required: false,
      description: `What of the ${singular} to answer, comma-separated, of: ${list.fields!.join(', ')}.`,
      schema: { type: 'string', example: list.fields!.slice(0, 2).join(',') },
    }),
    ApiOkResponse({
      description: `The ${singular}.`,
      type: dto,
      headers: {
        ETag: { description: 'The entity tag of this answer (RFC 9110 §8.8.3).', schema: { type: 'string' } },
      },
    }),
    ApiETag(),
    ApiProblems(400, 404),
  );
}
