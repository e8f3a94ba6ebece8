import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A statement that an instance of an earlier version ran, and how many rows it found or changed. */
export interface RecordedStatement {
  sql: string;
  values: unknown[];
  rows: number;
}

const FOLDER = join(import.meta.dirname, '../../../test/upgrades/recorded');

/** What the version of that schema said while every feature was used, in order. */
export async function recordedAt(schema: string): Promise<RecordedStatement[]> {
  const lines = (await readFile(join(FOLDER, `${schema}.ndjson`), 'utf8')).split('\n').filter(Boolean);
  const texts: string[] = JSON.parse(lines.shift()!);
  return lines.map((line) => {
    const [text, values, rows] = JSON.parse(line) as [number, unknown[], number];
    return { sql: texts[text]!, values: values.map(decoded), rows };
  });
}

/** A file of these: the texts, and then a line for each time that one was said, with its values and rows. */
export function fileOf(recorded: readonly RecordedStatement[]): string {
  const statements = recorded.map(({ sql, ...rest }) => ({
    sql: sql.replaceAll(/\s+/g, ' ').trim(),
    ...rest,
  }));
  const texts = [...new Set(statements.map(({ sql }) => sql))];
  const lines = statements.map(({ sql, values, rows }) => [texts.indexOf(sql), values.map(encoded), rows]);
  return [texts, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function encoded(value: unknown): unknown {
  if (value instanceof Date) return { date: value.toISOString() };
  if (Buffer.isBuffer(value)) return { hex: value.toString('hex') };
  if (Array.isArray(value)) return value.map(encoded);
  return value;
}

function decoded(value: any): unknown {
  if (Array.isArray(value)) return value.map(decoded);
  if (typeof value?.date === 'string') return new Date(value.date);
  if (typeof value?.hex === 'string') return Buffer.from(value.hex, 'hex');
  return value;
}
