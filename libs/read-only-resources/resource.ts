import type { Type } from '@nestjs/common';
import type { ListDefinition, ResourceSchema } from '#http-api';
import { fieldsOf, tableOf } from './resource-fields.js';
import { listOf } from './resource-list.js';

interface ResourceDefinition {
  /** In the path and the scope, e.g. `user-groups`. */
  name: string;
  /** One of them in words, e.g. `user group`. */
  singular: string;
  /** A sentence on what they are, for the OpenAPI document. */
  description: string;
  /** The table. */
  entity: Type;
  /** What leaves on the wire: each property is a column of the table, by the column's name. */
  dto: Type;
  /** The text fields that `?search=` looks through. */
  search: string[];
  /** The fields that hold another resource's id. */
  references?: Record<string, Type>;
}

/** A kind of PAM data that can be read, with all that follows from its definition. */
export interface Resource extends ResourceSchema {
  description: string;
  scope: string;
  entity: Type;
  dto: Type;
  list: ListDefinition;
}

/**
 * Makes a resource from its table and its DTO.
 * @throws ResourceDefinitionError where the two disagree, so that the server does not start
 */
export function defineResource(definition: ResourceDefinition): Resource {
  const { name, singular, description, entity, dto, search, references } = definition;
  const schema: ResourceSchema = {
    name,
    singular,
    table: tableOf(entity),
    fields: fieldsOf(entity, dto, references ?? {}),
  };
  return { ...schema, description, scope: `${name}:read`, entity, dto, list: listOf(schema, search) };
}
