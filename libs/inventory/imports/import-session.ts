import type { Transaction } from '#database';
import { Problem, type FieldError } from '#http-api';
import type { Written } from '../rows/row-writer.js';
import type { WritableResource } from '../writable-resource.js';
import type { GoodLine, LineBatch } from './row-lines.js';

/** One import within its transaction: what it knows of the rows that came before. */
export class ImportSession {
  private constructor(
    private readonly transaction: Transaction,
    private readonly resource: WritableResource,
    private readonly customerId: string,
  ) {}

  /**
   * One import at a time for a resource and a customer, as two that touch the same rows in
   * different orders would wait for each other for ever.
   * @throws Problem 409 while another runs
   */
  static async begin(
    transaction: Transaction,
    resource: WritableResource,
    customerId: string,
  ): Promise<ImportSession> {
    const { rows } = await transaction.query<{ locked: boolean }>(
      `SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS locked`,
      [`inventory ${resource.schema.table} ${customerId}`],
    );
    if (!rows[0]!.locked) {
      throw new Problem(409, 'import_running', `Another import of ${resource.schema.name} is running.`);
    }
    // In the database, so that an import of any length needs little memory here.
    await transaction.query(
      `CREATE TEMPORARY TABLE import_lines (id text COLLATE "C" PRIMARY KEY, line bigint NOT NULL) ON COMMIT DROP`,
    );
    return new ImportSession(transaction, resource, customerId);
  }

  /** Turns away the rows whose id came before, and those that refer to what is not there. */
  async admit({ good, bad }: LineBatch): Promise<LineBatch> {
    const fresh = await this.withNewIds(good);
    const sound = await this.withGoodReferences(fresh.good);
    return { good: sound.good, bad: [...bad, ...fresh.bad, ...sound.bad].sort((a, b) => a.line - b.line) };
  }

  write(lines: GoodLine[], now: Date): Promise<Written> {
    const rows = lines.map(({ row }) => row);
    return this.resource.writer.write(this.transaction, this.customerId, rows, now, 'update');
  }

  private async withNewIds(lines: GoodLine[]): Promise<LineBatch> {
    const ids = lines.map(({ row }) => row.id);
    const inserted = await this.transaction.query<{ line: string }>(
      `INSERT INTO import_lines (id, line)
       SELECT * FROM unnest($1::text[], $2::bigint[]) ON CONFLICT DO NOTHING RETURNING line`,
      [ids, lines.map(({ line }) => line)],
    );
    if (inserted.rows.length === lines.length) return { good: lines, bad: [] };
    const fresh = new Set(inserted.rows.map(({ line }) => Number(line)));
    const first = await this.transaction.query<{ id: string; line: string }>(
      'SELECT id, line FROM import_lines WHERE id = ANY($1::text[])',
      [ids],
    );
    const firstLines = new Map(first.rows.map(({ id, line }) => [id, line]));
    return divide(lines, ({ line, row }) =>
      fresh.has(line) ? undefined : { field: 'id', message: `is that of line ${firstLines.get(row.id)} too` },
    );
  }

  private async withGoodReferences(lines: GoodLine[]): Promise<LineBatch> {
    const references = await this.resource.writer.missingReferences(
      this.transaction,
      this.customerId,
      lines.map(({ row }) => row),
    );
    return divide(lines, ({ row }) => {
      const broken = references.find(({ field, missing }) =>
        [row[field]].flat().some((id) => missing.has(id)),
      );
      return broken && { field: broken.field, message: 'refers to what is not there' };
    });
  }
}

function divide(lines: GoodLine[], faultOf: (line: GoodLine) => FieldError | undefined): LineBatch {
  const batch: LineBatch = { good: [], bad: [] };
  for (const good of lines) {
    const fault = faultOf(good);
    if (fault) batch.bad.push({ line: good.line, id: good.row.id, faults: [fault] });
    else batch.good.push(good);
  }
  return batch;
}
