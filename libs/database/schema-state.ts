import type { DataSource } from 'typeorm';
import { migrations } from './migrations/index.js';

/** The migrations of a database beside those of this code, by their names, the oldest first. */
export interface SchemaState {
  applied: string[];
  /** What this code has and the database lacks. */
  pending: string[];
  /** What the database has and this code does not know: it is of a newer version. */
  unknown: string[];
}

/** The database's schema is not the one of this code; `message` is for the operator. */
export class SchemaError extends Error {}

export async function schemaState(dataSource: DataSource): Promise<SchemaState> {
  const { migrationsTableName: table } = dataSource.options;
  const [{ there }] = await dataSource.query('SELECT to_regclass($1) IS NOT NULL AS there', [table]);
  const rows: { name: string }[] = there
    ? await dataSource.query(`SELECT name FROM ${table} ORDER BY timestamp`)
    : [];
  const applied = rows.map(({ name }) => name);
  const known = migrations.map(({ name }) => name);
  return {
    applied,
    pending: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  };
}

/** @throws SchemaError where the schema is not just the one of this code */
export async function requireCurrentSchema(dataSource: DataSource): Promise<void> {
  const { applied, pending, unknown } = await schemaState(dataSource);
  if (applied.length === 0)
    throw new SchemaError(
      'The database is empty. `postern serve` makes what it needs, or `postern migrate up`.',
    );
  if (unknown.length > 0)
    throw new SchemaError(
      `The database is of a newer Postern than this one, which does not know ${unknown.join(', ')}. Use that one.`,
    );
  if (pending.length > 0)
    throw new SchemaError(
      `The database is of an older Postern: it lacks ${pending.join(', ')}. \`postern migrate up\` applies them, as does a start of the server.`,
    );
}
