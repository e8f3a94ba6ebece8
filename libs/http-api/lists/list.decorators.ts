import { applyDecorators, createParamDecorator, type ExecutionContext, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiQuery, getSchemaPath } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiProblems } from '../errors/api-problems.js';
import { DEFAULT_LIMIT, MAX_LIMIT, type ListDefinition } from './list-definition.js';
import { parseListRequest, type ListRequest } from './list-request.js';
import { CSV, NDJSON } from './row-format.js';

/** The request's query, read by the list's definition. */
export const ListQuery = createParamDecorator(
  (definition: ListDefinition, context: ExecutionContext): ListRequest => {
    const { raw, headers } = context.switchToHttp().getRequest<FastifyRequest>();
    return parseListRequest(definition, { url: raw.url!, accept: headers.accept });
  },
);

/** Documents a list: its parameters, its page and its stream. */
export function ApiList(definition: ListDefinition, item: Type): MethodDecorator {
  const sortable = Object.keys(definition.sortable);
  const parameters = [
    ApiQuery({
      name: 'limit',
      required: false,
      description: 'Rows of a page.',
      schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
    }),
    ApiQuery({
      name: 'cursor',
      required: false,
      description: 'The `next_cursor` of the page before, with the same sort and filters.',
      schema: { type: 'string' },
    }),
    ApiQuery({
      name: 'sort',
      required: false,
      description: 'The column to sort by, `-` for descending. `id` breaks ties, nulls come last.',
      schema: {
        type: 'string',
        enum: sortable.flatMap((name) => [name, `-${name}`]),
        default: definition.defaultSort,
      },
    }),
    ApiQuery({
      name: 'count',
      required: false,
      description: 'Whether to count all rows that match, as `total`.',
      schema: { type: 'boolean', default: false },
    }),
    ...(definition.pages
      ? [
          ApiQuery({
            name: 'page',
            required: false,
            description: 'A page by its number, instead of a cursor.',
            schema: { type: 'integer', minimum: 1 },
          }),
        ]
      : []),
    ...(definition.fields
      ? [
          ApiQuery({
            name: 'fields',
            required: false,
            description: `What of each row to answer, comma-separated, of: ${definition.fields.join(', ')}.`,
            schema: { type: 'string' },
            example: definition.fields.slice(0, 2).join(','),
          }),
        ]
      : []),
    ...(definition.includable
      ? [
          ApiQuery({
            name: 'include',
            required: false,
            description: `What to answer of each row beside the rest, comma-separated, of: ${definition.includable.join(', ')}.`,
            schema: { type: 'string' },
            example: definition.includable[0],
          }),
        ]
      : []),
    ...definition.filters.map(({ name, description, schema: { enum: values, ...schema } }) =>
      ApiQuery({
        name,
        required: false,
        description,
        schema: { ...schema, ...(values ? { enum: [...values] } : {}) },
      }),
    ),
  ];
  return applyDecorators(
    ...parameters,
    ApiExtraModels(item),
    ApiProblems(406),
    ApiOkResponse({
      description: `One page; or every row, streamed: ${streams(definition)}`,
      headers: {
        Link: {
          description: 'RFC 8288 links: `first`, `next` and, with `page`, `prev`.',
          schema: { type: 'string' },
        },
        'Content-Disposition': {
          description: 'Of a stream: a name for the file.',
          schema: { type: 'string' },
        },
      },
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['items', 'next_cursor'],
            properties: {
              items: { type: 'array', items: { $ref: getSchemaPath(item) } },
              next_cursor: { type: 'string', nullable: true, description: 'Null on the last page.' },
              total: { type: 'integer', description: 'With `count=true`.' },
            },
          },
        },
        [NDJSON.mediaType]: { schema: { $ref: getSchemaPath(item) } },
        ...(definition.flat ? { [CSV.mediaType]: csvContent(definition) } : {}),
      },
    }),
  );
}

function streams({ flat }: ListDefinition): string {
  const ndjson = `one JSON object a line with \`Accept: ${NDJSON.mediaType}\``;
  return flat ? `${ndjson}, a table with \`Accept: ${CSV.mediaType}\`.` : `${ndjson}.`;
}

function csvContent({ fields }: ListDefinition) {
  return {
    schema: {
      type: 'string',
      description:
        'RFC 4180: a heading line of field names, CRLF, UTF-8. An empty cell is null, `""` is empty text, a list is ' +
        'a JSON array. Values are not altered, so that the file can be imported again: a spreadsheet may take ' +
        'one that begins with `=`, `+`, `-` or `@` for a formula; open files of others there as text alone.',
    },
    example: `${fields!.join(',')}\r\n`,
  };
}
