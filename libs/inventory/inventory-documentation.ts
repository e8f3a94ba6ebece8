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
        `Creates and updates ${words} of the caller’s customer by their \`id\`, as they stand in the file: one JSON ` +
        'object a line, a field that may be null and is absent becomes null. All rows are stored or none, unless ' +
        '`partial=true`. A line is rejected, by its number, where it is not a JSON object in UTF-8, is longer than ' +
        '1 MiB, has a field that is unknown, missing or wrong, an `id` that an earlier line had, or refers to what ' +
        'is not there. `updated_at` is accepted and ignored, so that an export can be imported again. A byte-order ' +
        'mark, CRLF and blank lines do not matter.',
    }),
    ApiQuery({
      name: 'partial',
      required: false,
      description: 'Whether to store the good rows although others are rejected.',
      schema: { type: 'boolean', default: false },
    }),
    ApiConsumes('application/x-ndjson'),
    ApiExtraModels(row, ImportProblemDocument),
    ApiBody({
      description: 'One object a line, 2 GiB at most.',
      required: true,
      schema: { $ref: getSchemaPath(row) },
    }),
    ApiOkResponse({ description: 'What became of the rows.', type: ImportReportDto }),
    ApiProblems(408, 409, 413, 415),
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
