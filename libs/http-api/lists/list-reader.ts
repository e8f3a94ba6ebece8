import type { Queryable } from '#database';
import type { Position } from './cursor.js';
import type { ListDefinition } from './list-definition.js';
import type { ListRequest } from './list-request.js';
import { SqlParameters, type Condition } from './sql-parameters.js';

export type Row = Record<string, unknown>;

/** Which rows a statement is after: those with a value in the sort column, those without, or either. */
type Part = 'valued' | 'null' | 'all';

interface Statement {
  part: Part;
  after?: Position;
  limit: number;
  offset?: number;
  /** Looks no further than this many rows from where it begins. */
  within?: number;
  /** Finds what passes the filters and sorts it, rather than walk in the list's order and filter. */
  filtersFirst?: boolean;
}

/** How far a page is looked for by walking, in rows; and in rows for each one of a large page. */
const WALK = 2000;
const WALK_PER_ROW = 20;
/** Where fewer than one row in this many passes, finding them all is cheaper than walking on. */
const SPARSE = 200;

/**
 * Reads one list by keyset, in the order that was asked for: the sort column, nulls last in both
 * directions, the id breaking ties.
 *
 * A nullable column is read in two parts, the rows with a value and then the rows without. Each is
 * a range of one ascending index on column and id, forwards or backwards; `NULLS LAST` or an `OR`
 * for the nulls would need a second index, or a sort of everything.
 * @see docs/decisions/0009-lists-at-size.md
 */
export class ListReader {
  private readonly nullable: boolean;
  private readonly sortsById: boolean;

  /** @param now what filters on time compare with, the same for every batch */
  constructor(
    private readonly database: Queryable,
    private readonly definition: ListDefinition,
    private readonly request: ListRequest,
    private readonly conditions: Condition[],
    private readonly now: Date,
  ) {
    const { column } = request.sort;
    this.nullable = column.nullable ?? false;
    this.sortsById = column.expression === definition.id.expression;
  }

  /** One page of what follows a position, or begins the list. */
  page(after: Position | undefined, limit: number): Promise<Row[]> {
    const { filters, sort } = this.request;
    const loose = filters.some(({ filter, value }) => filter.isLoose?.(sort.column.expression, value));
    return this.inParts(after, limit, (statement) => (loose ? this.look(statement) : this.select(statement)));
  }

  /** One batch of everything that follows. The planner may walk: the next batch goes on from there. */
  batch(after: Position | undefined, limit: number): Promise<Row[]> {
    return this.inParts(after, limit, (statement) => this.select(statement));
  }

  /** A page by its number, from 1, of `size` rows; for lists that people leaf through, and that are short. */
  numberedPage(page: number, size: number, limit: number): Promise<Row[]> {
    return this.select({ part: 'all', limit, offset: (page - 1) * size });
  }

  async count(): Promise<number> {
    const parameters = new SqlParameters();
    const where = [...this.reach(parameters), ...this.filters(parameters)];
    const { rows } = await this.database.query<{ total: number }>(
      `SELECT count(*)::int AS total FROM ${this.definition.from} WHERE ${conjunction(where)}`,
      parameters.values,
    );
    return rows[0]!.total;
  }

  positionOf(row: Row): Position {
    return { value: row[this.request.sort.column.key] ?? null, id: String(row[this.definition.id.key]) };
  }

  private async inParts(
    after: Position | undefined,
    limit: number,
    read: (statement: Statement) => Promise<Row[]>,
  ): Promise<Row[]> {
    if (!this.nullable) return read({ part: 'all', after, limit });
    if (after?.value === null) return read({ part: 'null', after, limit });
    const rows = await read({ part: 'valued', after, limit });
    if (rows.length === limit) return rows;
    return [...rows, ...(await read({ part: 'null', limit: limit - rows.length }))];
  }

  /**
   * The planner believes that what passes a filter is spread evenly, and walks in the list's order
   * until it has a page. Where nothing of it lies ahead, that walk passes through the whole table.
   * So a short walk is tried first, and how much it finds decides how to go on.
   */
  private async look(statement: Statement): Promise<Row[]> {
    const within = Math.max(WALK, WALK_PER_ROW * statement.limit);
    const near = await this.select({ ...statement, within });
    if (near.length === statement.limit) return near;
    return this.select({ ...statement, filtersFirst: near.length < within / SPARSE });
  }

  private async select(statement: Statement): Promise<Row[]> {
    const { part, after, limit, offset = 0, within } = statement;
    const { select, from } = this.definition;
    const parameters = new SqlParameters();
    const reach = this.reach(parameters);
    if (part === 'valued') reach.push(`${this.request.sort.column.expression} IS NOT NULL`);
    if (part === 'null') reach.push(`${this.request.sort.column.expression} IS NULL`);
    if (after) reach.push(this.beyond(part, after, parameters));
    const filters = this.filters(parameters);
    const order = this.order(statement);
    // The table's alias, or its name, stands for the rows that are walked.
    const walked = `(SELECT * FROM ${from} WHERE ${conjunction(reach)} ORDER BY ${order} LIMIT ${within}) AS ${from.split(' ').at(-1)}`;
    const { rows } = await this.database.query<Row>(
      `SELECT ${select} FROM ${within ? walked : from} ` +
        `WHERE ${conjunction(within ? filters : [...reach, ...filters])} ` +
        `ORDER BY ${order} LIMIT ${parameters.add(limit)}${offset > 0 ? ` OFFSET ${parameters.add(offset)}` : ''}`,
      parameters.values,
    );
    return rows;
  }

  private reach(parameters: SqlParameters): string[] {
    return this.conditions.map((condition) => condition(parameters));
  }

  private filters(parameters: SqlParameters): string[] {
    return this.request.filters.map(({ filter, value }) => filter.condition(parameters, value, this.now));
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

  private order({ part, filtersFirst }: Statement): string {
    const { column, descending } = this.request.sort;
    const direction = descending ? 'DESC' : 'ASC';
    // No index is in the order of an expression that it does not hold: only sorting is left.
    const by = (expression: string) =>
      `${filtersFirst ? `coalesce(${expression}, ${expression})` : expression} ${direction}`;
    const id = by(this.definition.id.expression);
    if (this.sortsById || (part === 'null' && column.partial)) return id;
    const nulls = part === 'all' && this.nullable ? ' NULLS LAST' : '';
    // Among nulls the column is named still: the planner does not see that all of them are equal.
    return `${by(column.expression)}${nulls}, ${id}`;
  }
}

function conjunction(conditions: string[]): string {
  return conditions.length > 0 ? conditions.join(' AND ') : 'true';
}
