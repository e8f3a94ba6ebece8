import {
  filters,
  type FieldKind,
  type ListDefinition,
  type ListFilter,
  type ResourceField,
  type ResourceSchema,
  type SortColumn,
} from '#http-api';

const SORT_KINDS: Partial<Record<FieldKind, SortColumn['kind']>> = {
  text: 'text',
  boolean: 'boolean',
  integer: 'number',
  time: 'time',
};

/**
 * The list of a resource: every field that is no list itself sorts it, and every field filters
 * it, under its own name or, for a list of ids, under the singular.
 */
export function listOf(schema: ResourceSchema, search: string[]): ListDefinition {
  const sortable = Object.fromEntries(schema.fields.flatMap((field) => sortColumn(field)));
  return {
    name: schema.name,
    select: selectList(schema.fields.map(({ name }) => name)),
    from: schema.table,
    id: sortable.id!,
    sortable,
    defaultSort: 'id',
    filters: [
      filters.substring('search', search.map(quoted), `Looks through ${search.join(', ')}.`),
      filters.time(
        'updated_since',
        quoted('updated_at'),
        'Rows that changed at this time or later. Those of an import bear the time at which it began to write, and show when it is done: let a poll overlap the one before by the longest import, and by ten seconds where there are replicas.',
        '>=',
      ),
      ...schema.fields.flatMap((field) => filtersOf(field)),
    ],
    fields: schema.fields.map(({ name }) => name),
    flat: true,
    json: jsonOf(schema.fields),
  };
}

/** Columns for a SELECT, by name. */
export function selectList(names: Iterable<string>): string {
  return [...names].map(quoted).join(', ');
}

/** SQL for fields of a row as JSON, to the letter what `JSON.stringify` makes of them, whatever the session's time zone. */
export function jsonOf(fields: Iterable<ResourceField>): string {
  const columns = [...fields].map(({ name, kind }) =>
    kind === 'time'
      ? `to_char(${quoted(name)} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ${quoted(name)}`
      : quoted(name),
  );
  return `row_to_json((SELECT fields FROM (SELECT ${columns.join(', ')}) AS fields))::text`;
}

function quoted(column: string): string {
  return `"${column}"`;
}

function sortColumn({ name, kind, nullable }: ResourceField): [string, SortColumn][] {
  const sortKind = SORT_KINDS[kind];
  return sortKind ? [[name, { expression: quoted(name), kind: sortKind, nullable, key: name }]] : [];
}

function filtersOf({ name, kind, description, values, references }: ResourceField): ListFilter[] {
  const column = quoted(name);
  switch (kind) {
    case 'text':
      if (values || references || name === 'id') {
        return [filters.equals(name, column, description, values)];
      }
      return [filters.substring(name, column, description)];
    case 'boolean':
      return [filters.flag(name, column, description)];
    case 'integer':
      return [
        filters.integer(name, column, description),
        filters.integer(`${name}_from`, column, `${description} At least this.`, '>='),
        filters.integer(`${name}_to`, column, `${description} At most this.`, '<='),
      ];
    case 'time': {
      const stem = name.replace(/_at$/, '');
      return [
        filters.time(`${stem}_from`, column, `${description} At this time or later.`, '>='),
        filters.time(`${stem}_to`, column, `${description} At this time or earlier.`, '<='),
      ];
    }
    case 'text[]':
      // One asks for the profiles of a device: `?device_id=`, as where there is but one.
      return [
        filters.member(
          references ? name.replace(/_ids$/, '_id') : name,
          column,
          `${description} Rows that have this one among them.`,
        ),
      ];
    case 'integer[]':
      return [filters.member(name, column, `${description} Rows that have this one among them.`, 'integer')];
  }
}
