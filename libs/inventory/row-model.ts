import type { Type } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { pascalCase, type FieldKind, type ResourceField, type ResourceSchema } from '#http-api';
import { isRequired } from './rows/row-schema.js';

/** The OpenAPI model of a resource's rows on their way in, e.g. `DeviceRow`. */
export function rowModel({ singular, fields }: ResourceSchema): Type {
  class RowModel {}
  Object.defineProperty(RowModel, 'name', { value: `${pascalCase(singular)}Row` });
  for (const field of fields) ApiProperty(propertyOf(field))(RowModel.prototype, field.name);
  return RowModel;
}

function propertyOf(field: ResourceField): ApiPropertyOptions {
  const { description, example, nullable, readOnly, values, maxLength, maxItems } = field;
  const { minimum, maximum } = field;
  const text = { type: 'string', minLength: 1, maxLength };
  const integer = { type: 'integer', minimum, maximum };
  const shapes: Record<FieldKind, object> = {
    text: values ? { type: 'string', enum: nullable ? [...values, null] : values } : text,
    boolean: { type: 'boolean' },
    integer,
    time: { type: 'string', format: 'date-time' },
    'text[]': { type: 'array', maxItems, items: text },
    'integer[]': { type: 'array', maxItems, items: integer },
  };
  return {
    ...shapes[field.kind],
    description,
    example,
    ...(nullable && { nullable }),
    ...(readOnly && { readOnly }),
    required: isRequired(field),
  } as ApiPropertyOptions;
}
