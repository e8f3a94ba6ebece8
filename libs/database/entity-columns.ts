import { getMetadataArgsStorage } from 'typeorm';

/** An entity's columns as a SELECT list, so that hand-written SQL gives rows of the entity's shape. */
export function selectColumns(entity: Function, alias: string): string {
  return getMetadataArgsStorage()
    .filterColumns(entity)
    .map(({ propertyName, options }) => `${alias}.${options.name ?? propertyName} AS "${propertyName}"`)
    .join(', ');
}
