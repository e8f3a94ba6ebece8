import type { Queryable } from '#database';
import type { Position } from './cursor.js';
import type { ListDefinition } from './list-definition.js';
import type { ListRequest } from './list-request.js';
import { SqlParameters, type Condition } from './sql-parameters.js';

export type Row = Record<string, unknown>;

/** Which rows a statement is after: those with a value in the sort column, those without, or either. */
type Part = 'valued' | 'null' | 'all';

/**
 * Reads one list by keyset, in the order that was asked for: the sort column, nulls last in both
 * directions, the id breaking ties.
 *
 * A nullable column is read in two parts, the rows with a value and then the rows without. Each is
 * a range of one ascending index on column and id, forwards or backwards; `NULLS LAST` or an `OR`
 * for the nulls would need a second index, or a sort of everything.
 */
export class ListReader {
  private readonly nullable: boolean;

  /** @param now what filters on time compare with, the same for every batch */
  constructor(
    private readonly database: Queryable,
    private readonly definition: ListDefinition,
    private readonly request: ListRequest,
    private readonly conditions: Condition[],
    private readonly now: Date,
  ) {
    this.nullable = request.sort.column.nullable ?? false;
  }

  /** What follows a position, or begins the list. */
  async rows(after: Position | undefined, limit: number): Promise<Row[]> {
    if (!this.nullable) return this.select('all', after, limit);
    if (after?.value === null) return this.select('null', after, limit);
    const rows = await this.select('valued', after, limit);
    if (rows.length === limit) return rows;
    return [...rows, ...(await this.select('null', undefined, limit - rows.length))];
  }

  /** A page by its number, from 1, of `limit` rows; for lists that are read by people, and short. */
  async numberedPage(page: number, limit: number, fetched: number): Promise<Row[]> {
    return this.select('all', undefined, fetched, (page - 1) * limit);
  }

  async count(): Promise<number> {
    const parameters = new SqlParameters();
    const { rows } = await this.database.query<{ total: number }>(
      `SELECT count(*)::int AS total FROM ${this.definition.from} WHERE ${this.where(parameters).join(' AND ')}`,
      parameters.values,
    );
    return rows[0]!.total;
  }

  positionOf(row: Row): Position {
    return { value: row[this.request.sort.column.key] ?? null, id: String(row[this.definition.id.key]) };
  }

  private async select(part: Part, after: Position | undefined, limit: number, offset = 0): Promise<Row[]> {
    const { select, from } = this.definition;
    const { expression } = this.request.sort.column;
    const parameters = new SqlParameters();
    const where = this.where(parameters);
    if (part === 'valued') where.push(`${expression} IS NOT NULL`);
    if (part === 'null') where.push(`${expression} IS NULL`);
    if (after) where.push(this.beyond(part, after, parameters));
    const { rows } = await this.database.query<Row>(
      `SELECT ${select} FROM ${from} WHERE ${where.join(' AND ')} ORDER BY ${this.order(part)} ` +
        `LIMIT ${parameters.add(limit)}${offset > 0 ? ` OFFSET ${parameters.add(offset)}` : ''}`,
      parameters.values,
    );
    return rows;
  }

  private where(parameters: SqlParameters): string[] {
    return [
      'true',
      ...this.conditions.map((condition) => condition(parameters)),
      ...this.request.filters.map(({ filter, value }) => filter.condition(parameters, value, this.now)),
    ];
  }

  private beyond(part: Part, after: Position, parameters: SqlParameters): string {
    const { column, descending } = this.request.sort;
    const { id } = this.definition;
    const comparison = descending ? '<' : '>';
    if (part === 'null' || this.sortsById)
      return `${id.expression} ${comparison} ${parameters.add(after.id)}`;
    const position = `(${parameters.add(after.value)}, ${parameters.add(after.id)})`;
    return `(${column.expression}, ${id.expression}) ${comparison} ${position}`;
  }

  /** Among nulls the column is named still: the planner does not see that all of them are equal. */
  private order(part: Part): string {
    const { column, descending } = this.request.sort;
    const direction = descending ? 'DESC' : 'ASC';
    const id = `${this.definition.id.expression} ${direction}`;
    if (this.sortsById) return id;
    const nulls = part === 'all' && this.nullable ? ' NULLS LAST' : '';
    return `${column.expression} ${direction}${nulls}, ${id}`;
  }

  private get sortsById(): boolean {
    return this.request.sort.column.expression === this.definition.id.expression;
  }
}
