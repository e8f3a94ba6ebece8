import type { FieldKind, ResourceField, ResourceSchema } from '#http-api';

const COLUMN_TYPES: Record<FieldKind, string> = {
  text: 'text',
  boolean: 'boolean',
  integer: 'integer',
  time: 'timestamptz(3)',
  'text[]': 'text[]',
  'integer[]': 'integer[]',
};

/** A field whose values, or whose elements, are ids in another table. */
export type ReferenceField = ResourceField & { references: string };

/** What becomes of a row whose id is there already: it takes the new values, or stays as it is. */
export type OnExisting = 'update' | 'keep';

/** Columns that an import fills, in the order of the fields. */
export function storedColumns({ fields }: ResourceSchema): { name: string; type: string }[] {
  return fields
    .filter(({ readOnly }) => !readOnly)
    .map(({ name, kind }) => ({ name, type: COLUMN_TYPES[kind] }));
}

export function referenceFields({ fields }: ResourceSchema): ReferenceField[] {
  return fields.filter((field): field is ReferenceField => field.references !== undefined);
}

/**
 * Puts the rows of `source` into the resource's table. `$1` is the customer, `$2` the time of the
 * change. Only rows that differ are written.
 * @param source a FROM item with the stored columns
 */
export function upsertSql(schema: ResourceSchema, source: string, onExisting: OnExisting): string {
  const columns = storedColumns(schema).map(({ name }) => `"${name}"`);
  const changeable = columns.filter((column) => column !== '"id"');
  const of = (table: string) => changeable.map((column) => `${table}.${column}`).join(', ');
  const onConflict =
    onExisting === 'keep'
      ? 'DO NOTHING'
      : `DO UPDATE SET ${changeable.map((column) => `${column} = EXCLUDED.${column}`).join(', ')},
           updated_at = EXCLUDED.updated_at
         WHERE (${of('stored')}) IS DISTINCT FROM (${of('EXCLUDED')})`;
  // A row that the statement itself inserted has no xmax; one that it updated carries its own.
  return `
    WITH written AS (
      INSERT INTO ${schema.table} AS stored (customer_id, ${columns.join(', ')}, updated_at)
      SELECT $1, ${columns.join(', ')}, $2::timestamptz FROM ${source}
      ON CONFLICT (customer_id, id) ${onConflict}
      RETURNING xmax = 0 AS created
    )
    SELECT count(*) FILTER (WHERE created)::int AS created,
           count(*) FILTER (WHERE NOT created)::int AS updated
    FROM written`;
}

/**
 * The lines of `source` that refer by `field` to what the customer, `$1`, does not have.
 * @param source a FROM item with `line` and the stored columns
 */
export function brokenLinesSql(field: ReferenceField, source: string): string {
  return `
    SELECT DISTINCT line FROM (${referredSql(field, source)}) AS referring
    WHERE ref IS NOT NULL AND NOT EXISTS (
      SELECT FROM ${field.references} AS referred
      WHERE referred.customer_id = $1 AND referred.id = referring.ref
    )`;
}

/** Keeps what the rows of `source` refer to by `field` where it is until the transaction ends. */
export function holdReferredSql(field: ReferenceField, source: string): string {
  return `
    SELECT count(*) FROM (
      SELECT FROM ${field.references} AS referred
      WHERE referred.customer_id = $1
        AND referred.id IN (SELECT ref FROM (${referredSql(field, source)}) AS referring)
      ORDER BY referred.id FOR KEY SHARE OF referred
    ) AS held`;
}

/** All that the rows of `source` refer to by `field`, as `ref`, with `line` where it has one. */
function referredSql({ name, kind }: ReferenceField, source: string): string {
  const ref = kind === 'text[]' ? `unnest("${name}")` : `"${name}"`;
  return `SELECT line, ${ref} AS ref FROM ${source}`;
}
