import { migrations } from './migrations/index.js';

/** The number that comes before the first migration's: they are counted from here. */
const ORIGIN = 1_795_200_000_000;

/** The newest migration that this version of Postern has. */
export const NEWEST = Number.POSITIVE_INFINITY;

export interface MigrationListed {
  number: number;
  /** In words, e.g. `create-clients`. */
  name: string;
  /** `unknown`: applied by a later version of Postern. */
  state: 'applied' | 'pending' | 'unknown';
}

/** The database is at a schema that this version does not serve; `message` is for the operator. */
export class SchemaError extends Error {}

interface Session {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/** The migrations that this version has, up to the one of that number. */
export function migrationsUpTo(to: number): typeof migrations {
  return migrations.filter(({ name }) => numberAndName(name).number <= to);
}

/** Every migration that this version or the database knows, oldest first. */
export async function listMigrations(session: Session): Promise<MigrationListed[]> {
  const known = migrations.map(({ name }) => name);
  const applied = await appliedMigrations(session);
  const stateOf = (name: string) => {
    if (!applied.has(name)) return 'pending';
    return known.includes(name) ? 'applied' : 'unknown';
  };
  return [...new Set([...known, ...applied])]
    .map((name) => ({ ...numberAndName(name), state: stateOf(name) }) as const)
    .sort((a, b) => a.number - b.number);
}

/** @throws SchemaError that names what a later version has applied */
export function requireKnown(listed: readonly MigrationListed[]): void {
  const unknown = listed.filter(({ state }) => state === 'unknown').map(migrationTitle);
  if (unknown.length === 0) return;
  throw new SchemaError(
    `The database is newer than this version of Postern, which does not know its ${unknown.join(', ')}. ` +
      'Run the version that made it, or a later one; `postern migrate down` of that one takes the schema back to an earlier one.',
  );
}

/** @throws SchemaError where the schema is not just the one of this version */
export async function requireCurrentSchema(session: Session): Promise<void> {
  const listed = await listMigrations(session);
  requireKnown(listed);
  const pending = listed.filter(({ state }) => state === 'pending');
  if (pending.length === listed.length)
    throw new SchemaError(
      'The database is empty. `postern serve` makes what it needs, or `postern migrate up`.',
    );
  if (pending.length > 0)
    throw new SchemaError(
      `The database is older than this version of Postern: it lacks ${pending.map(migrationTitle).join(', ')}. ` +
        '`postern migrate up` applies them, as does a start of the server.',
    );
}

/** Whether a running instance finds the schema that it needs; a newer one has it too. */
export async function hasSchema(session: {
  query(sql: string, parameters: unknown[]): Promise<{ rows: object[] }>;
}): Promise<boolean> {
  const names = migrations.map(({ name }) => name);
  const { rows } = await session.query(
    'SELECT count(*)::integer AS applied FROM schema_migrations WHERE name = ANY ($1)',
    [names],
  );
  return (rows[0] as { applied: number }).applied === names.length;
}

/** As people name one, e.g. `015 index-live-tokens`. */
export function migrationTitle({ number, name }: Pick<MigrationListed, 'number' | 'name'>): string {
  return `${String(number).padStart(3, '0')} ${name}`;
}

async function appliedMigrations(session: Session): Promise<Set<string>> {
  const [table] = (await session.query(
    `SELECT to_regclass('schema_migrations') IS NOT NULL AS is_there`,
  )) as {
    is_there: boolean;
  }[];
  if (!table!.is_there) return new Set();
  const rows = (await session.query('SELECT name FROM schema_migrations')) as { name: string }[];
  return new Set(rows.map(({ name }) => name));
}

/** Of a class such as `CreateClients1795200000001`. */
function numberAndName(className: string): { number: number; name: string } {
  const [, words = className, timestamp = '0'] = /^(.*?)(\d+)$/.exec(className) ?? [];
  const name = words.replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  return { number: Number(timestamp) - ORIGIN, name };
}
