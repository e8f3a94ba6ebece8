import { Problem } from '#http-api';
import type { Transaction } from '#database';
import type { WritableResource } from '../writable-resource.js';
import type { GoodLine } from './row-lines.js';
import type { ImportReport } from './import-report.js';

/** One import within its transaction: what it knows of the rows that came before. */
export class ImportSession {
  private constructor(
    private readonly transaction: Transaction,
    private readonly resource: WritableResource,
    private readonly customerId: string,
    private readonly report: ImportReport,
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
    report: ImportReport,
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
    return new ImportSession(transaction, resource, customerId, report);
  }

  /** Leaves out, and reports, the rows whose id came before, and those that refer to what is not there. */
  async admit(lines: GoodLine[]): Promise<GoodLine[]> {
    return this.withGoodReferences(await this.withNewIds(lines));
  }

  async write(lines: GoodLine[], now: Date): Promise<void> {
    const rows = lines.map(({ row }) => row);
    this.report.add(await this.resource.writer.write(this.transaction, this.customerId, rows, now, 'update'));
  }

  private async withNewIds(lines: GoodLine[]): Promise<GoodLine[]> {
    const ids = lines.map(({ row }) => row.id);
    const inserted = await this.transaction.query<{ line: string }>(
      `INSERT INTO import_lines (id, line)
       SELECT * FROM unnest($1::text[], $2::bigint[]) ON CONFLICT DO NOTHING RETURNING line`,
      [ids, lines.map(({ line }) => line)],
    );
    if (inserted.rows.length === lines.length) return lines;
    const fresh = new Set(inserted.rows.map(({ line }) => Number(line)));
    const first = await this.transaction.query<{ id: string; line: string }>(
      'SELECT id, line FROM import_lines WHERE id = ANY($1::text[])',
      [ids],
    );
    const firstLines = new Map(first.rows.map(({ id, line }) => [id, line]));
    return this.keep(lines, ({ line, row }) =>
      fresh.has(line) ? undefined : { field: 'id', message: `is that of line ${firstLines.get(row.id)} too` },
    );
  }

  private async withGoodReferences(lines: GoodLine[]): Promise<GoodLine[]> {
    const references = await this.resource.writer.missingReferences(
      this.transaction,
      this.customerId,
      lines.map(({ row }) => row),
    );
    return this.keep(lines, ({ row }) => {
      const broken = references.find(({ field, missing }) => missing.has(row[field]));
      return broken && { field: broken.field, message: 'refers to what is not there' };
    });
  }

  private keep(
    lines: GoodLine[],
    faultOf: (line: GoodLine) => { field: string; message: string } | undefined,
  ): GoodLine[] {
    return lines.filter((line) => {
      const fault = faultOf(line);
      if (fault) this.report.reject({ line: line.line, id: line.row.id, faults: [fault] });
      return !fault;
    });
  }
}
