import { applyDecorators, type Type } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import { ApiProblems, pascalCase, ProblemDocument, type ResourceSchema } from '#http-api';
import { ImportProblemDocument, ImportReportDto } from './inventory.dto.js';

export function DocumentedImport({ name }: ResourceSchema, row: Type): MethodDecorator {
  const words = name.replaceAll('-', ' ');
  return applyDecorators(
    ApiOperation({
      operationId: `import${pascalCase(name)}`,
      summary: `Import ${words}`,
      description:
        `Creates and updates ${words} of the caller’s customer by their \`id\`, as they stand in the file; what is so ` +
        'already is not touched. All rows are stored or none, unless `partial=true`; `mode=replace` also removes what ' +
        'the file does not have. `updated_at` is accepted and ignored, so that an export can be imported again.\n\n' +
        '**NDJSON**: one JSON object a line; a field that may be null and is absent becomes null.\n\n' +
        '**CSV** (RFC 4180, comma): a header row that names the fields, in any order, those that may be null may lack; ' +
        'an empty cell is null, lists are JSON arrays, times RFC 3339, booleans `true` and `false`. A header or a ' +
        'quote that is wrong refuses the whole file.\n\n' +
        'Both are UTF-8. A byte-order mark at the start, CRLF and blank lines do not matter. A row is rejected, by the ' +
        'number of its first line, where it cannot be read, is longer than 1 MiB, has a field that is unknown, missing ' +
        'or wrong, an `id` that an earlier row had, or refers to what is not there. One import of a resource runs at a ' +
        'time; another one meanwhile is a 409.',
    }),
    ApiQuery({
      name: 'mode',
      required: false,
      description: 'Whether rows that the file does not have stay (`upsert`), or are removed (`replace`).',
      schema: { type: 'string', enum: ['upsert', 'replace'], default: 'upsert' },
    }),
    ApiQuery({
      name: 'allow_empty',
      required: false,
      description: 'With `mode=replace`: whether a file without rows may remove everything.',
      schema: { type: 'boolean', default: false },
    }),
    ApiQuery({
      name: 'partial',
      required: false,
      description: 'Whether to store the good rows although others are rejected. Not with `mode=replace`.',
      schema: { type: 'boolean', default: false },
    }),
    ApiExtraModels(row, ImportProblemDocument),
    ApiConsumes('application/x-ndjson', 'text/csv'),
    ApiBody({
      description: 'One row a line, 2 GiB at most.',
      required: true,
      schema: { $ref: getSchemaPath(row) },
    }),
    ApiOkResponse({ description: 'What became of the rows.', type: ImportReportDto }),
    ApiProblems(408, 409, 413, 415, 507),
    ApiResponse({
      status: 400,
      description: 'Rows were rejected and nothing was stored, or the request itself is wrong.',
      content: {
        'application/problem+json': {
          schema: {
            anyOf: [ImportProblemDocument, ProblemDocument].map((model) => ({ $ref: getSchemaPath(model) })),
          },
        },
      },
    }),
  );
}

export function DocumentedCreate({ singular }: ResourceSchema, row: Type): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: `create${pascalCase(singular)}`,
      summary: `Add one ${singular}`,
      description: `Adds one ${singular} to the caller’s customer. An \`id\` that is there already is refused.`,
    }),
    ApiExtraModels(row),
    ApiConsumes('application/json'),
    ApiBody({ description: `The ${singular}.`, required: true, schema: { $ref: getSchemaPath(row) } }),
    ApiCreatedResponse({
      description: `The ${singular} as it was stored.`,
      schema: { $ref: getSchemaPath(row) },
      headers: {
        Location: { description: 'Where the read API serves it.', schema: { type: 'string' } },
      },
    }),
    ApiProblems(400, 409, 413, 415),
  );
}

export function DocumentedDelete({ singular, fields }: ResourceSchema): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: `delete${pascalCase(singular)}`,
      summary: `Remove one ${singular}`,
      description: `Removes one ${singular} of the caller’s customer. One that others refer to stays, with a 409.`,
    }),
    ApiParam({
      name: 'id',
      description: `The ${singular}’s id.`,
      schema: { type: 'string', maxLength: 256, example: fields.find(({ name }) => name === 'id')!.example },
    }),
    ApiNoContentResponse({ description: 'It is gone.' }),
    ApiProblems(400, 404, 409),
  );
}
