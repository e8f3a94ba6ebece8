import type { Type } from '@nestjs/common';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { getMetadataArgsStorage, type ColumnOptions } from 'typeorm';
import type { FieldKind, ResourceField } from '#http-api';

/** Where @nestjs/swagger leaves what `@ApiProperty` says (its `constants.js`, which it does not export). */
const PROPERTY = 'swagger/apiModelProperties';
const PROPERTY_NAMES = 'swagger/apiModelPropertiesArray';

const DEFAULT_MAX_LENGTH = 256;
const MAX_ITEMS = 1000;

const KINDS: Record<string, FieldKind> = {
  text: 'text',
  boolean: 'boolean',
  integer: 'integer',
  timestamptz: 'time',
};

const WIRE_TYPES: Record<FieldKind, string[]> = {
  text: ['string'],
  boolean: ['boolean'],
  integer: ['integer'],
  time: ['date'],
  'text[]': ['array'],
  'integer[]': ['array'],
};

/** A DTO and an entity that do not fit each other: a mistake in the program, found at its start. */
export class ResourceDefinitionError extends Error {}

export function tableOf(entity: Type): string {
  return getMetadataArgsStorage().filterTables(entity)[0]!.name!;
}

/**
 * The fields that a resource serves, in the order of its DTO: kind and nullability from the
 * column, words, values and bounds from `@ApiProperty`.
 * @throws ResourceDefinitionError where a DTO's property has no column, or says otherwise than it
 */
export function fieldsOf(entity: Type, dto: Type, references: Record<string, Type>): ResourceField[] {
  const columns = columnsOf(entity);
  const names = (Reflect.getMetadata(PROPERTY_NAMES, dto.prototype) as string[]).map((key) => key.slice(1));
  for (const name of ['id', 'updated_at', ...Object.keys(references)]) {
    if (!names.includes(name)) throw new ResourceDefinitionError(`${dto.name} lacks ${name}.`);
  }
  return names.map((name) => {
    const column = columns.get(name);
    if (!column) throw new ResourceDefinitionError(`${dto.name}.${name} has no column in ${entity.name}.`);
    const property = Reflect.getMetadata(PROPERTY, dto.prototype, name) as ApiPropertyOptions;
    return fieldOf(`${dto.name}.${name}`, name, column, property, references[name]);
  });
}

function fieldOf(
  where: string,
  name: string,
  column: ColumnOptions,
  property: ApiPropertyOptions,
  references: Type | undefined,
): ResourceField {
  const {
    type,
    isArray,
    nullable = false,
    description,
    example,
    ...bounds
  } = property as WirePropertyOptions;
  const kind = `${KINDS[String(column.type)]}${column.array ? '[]' : ''}` as FieldKind;
  const wireType = isArray ? 'array' : wireTypeOf(type);
  if (!WIRE_TYPES[kind]?.includes(wireType)) {
    throw new ResourceDefinitionError(
      `${where} is ${wireType}, but its column holds ${String(column.type)}.`,
    );
  }
  if (nullable !== (column.nullable ?? false)) {
    throw new ResourceDefinitionError(`${where} and its column differ on whether it may be null.`);
  }
  if (bounds.enum && bounds.enum.includes(null) !== nullable) {
    throw new ResourceDefinitionError(`${where} must have null among its values just where it may be null.`);
  }
  if (!description || example === undefined) {
    throw new ResourceDefinitionError(`${where} lacks a description or an example.`);
  }
  return {
    name,
    kind,
    nullable,
    readOnly: bounds.readOnly ?? false,
    description,
    example,
    values: bounds.enum?.filter((value) => value !== null),
    maxLength: bounds.maxLength ?? DEFAULT_MAX_LENGTH,
    minimum: (bounds.items ?? bounds).minimum,
    maximum: (bounds.items ?? bounds).maximum,
    maxItems: bounds.maxItems ?? MAX_ITEMS,
    references: references && tableOf(references),
  };
}

/** The Swagger plugin gives a type as `() => String` or `() => [String]`, the decorator as `String` or a name. */
function wireTypeOf(type: string | Function | Function[] | undefined): string {
  if (Array.isArray(type)) return 'array';
  if (typeof type === 'function' && type.name === 'type')
    return wireTypeOf((type as () => Function | Function[])());
  return (typeof type === 'function' ? type.name : String(type)).toLowerCase();
}

/** What of `@ApiProperty` matters here, once swagger has brought it into its inner form. */
interface WirePropertyOptions {
  type?: string | Function;
  isArray?: boolean;
  nullable?: boolean;
  readOnly?: boolean;
  description?: string;
  example?: unknown;
  enum?: (string | null)[];
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  items?: { minimum?: number; maximum?: number };
}

function columnsOf(entity: Type): Map<string, ColumnOptions> {
  return new Map(
    getMetadataArgsStorage()
      .filterColumns(entity)
      .map(({ propertyName, options }) => [options.name ?? propertyName, options]),
  );
}
