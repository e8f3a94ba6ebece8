import type { FieldKind, ResourceField, ResourceSchema } from '#http-api';

type JsonSchema = Record<string, unknown>;

const MAX_INT32 = 2_147_483_647;

/** The JSON schema of a row, for the compiled check. Text is of the format `text`: what PostgreSQL can hold. */
export function rowSchema({ fields }: ResourceSchema): JsonSchema {
  return {
    type: 'object',
    additionalProperties: false,
    required: fields.filter(isRequired).map(({ name }) => name),
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])),
  };
}

/** Whether a row must say it: all that is not null and not set by Postern. */
export function isRequired({ nullable, readOnly }: ResourceField): boolean {
  return !nullable && !readOnly;
}

function fieldSchema(field: ResourceField): JsonSchema {
  const { nullable, values } = field;
  return {
    ...valueSchema(field),
    nullable,
    ...(values && { enum: nullable ? [...values, null] : values }),
  };
}

function valueSchema(field: ResourceField): JsonSchema {
  const { minimum = -MAX_INT32 - 1, maximum = MAX_INT32, maxLength, maxItems } = field;
  // Empty text is refused where null is meant, as a cell of CSV could not tell the two apart.
  const text = { type: 'string', format: 'text', minLength: 1, maxLength };
  const integer = { type: 'integer', minimum, maximum };
  const schemas: Record<FieldKind, JsonSchema> = {
    text,
    boolean: { type: 'boolean' },
    integer,
    time: { type: 'string', format: 'date-time' },
    'text[]': { type: 'array', maxItems, items: text },
    'integer[]': { type: 'array', maxItems, items: integer },
  };
  return schemas[field.kind];
}
