import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '#database';
import { Clock } from '../clock.js';
import { encodeCursor, type Position } from './cursor.js';
import type { ListDefinition } from './list-definition.js';
import type { ListRequest } from './list-request.js';
import { Page, RowStream } from './page.js';
import { SqlParameters, type Condition } from './sql-parameters.js';

/** Rows fetched at once while all are streamed. No connection is held between two batches. */
const STREAM_BATCH = 1000;

type Row = Record<string, unknown>;

/** Runs every list: one page by keyset (never OFFSET, `?page=` aside), or all of it as a stream. */
@Injectable()
export class Lists {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * @param conditions limit the list to what the caller may see, whatever he filters by
   * @param present makes the wire shape of a row
   */
  async answer<Item extends object>(
    definition: ListDefinition,
    request: ListRequest,
    conditions: Condition[],
    present: (row: Row) => Item,
  ): Promise<Page<Item> | RowStream<Item>> {
    const project = projection<Item>(request.fields);
    const show = (row: Row) => project(present(row));
    if (request.format === 'ndjson') return new RowStream(this.all(definition, request, conditions, show));

    const limit = request.limit!;
    const rows = await this.rows(definition, request, conditions, request.after, limit + 1);
    const items = rows.slice(0, limit).map(show);
    const next =
      rows.length > limit
        ? encodeCursor(positionOf(definition, request, rows[limit - 1]!), request.binding)
        : null;
    const total = request.count ? await this.count(definition, request, conditions) : undefined;
    return new Page(items, next, total, request);
  }

  private async *all<Item>(
    definition: ListDefinition,
    request: ListRequest,
    conditions: Condition[],
    show: (row: Row) => Item,
  ): AsyncGenerator<Item[]> {
    let after = request.after;
    for (;;) {
      const rows = await this.rows(
        definition,
        { ...request, page: undefined },
        conditions,
        after,
        STREAM_BATCH,
      );
      if (rows.length > 0) yield rows.map(show);
      if (rows.length < STREAM_BATCH) return;
      after = positionOf(definition, request, rows.at(-1)!);
    }
  }

  private async rows(
    definition: ListDefinition,
    request: ListRequest,
    conditions: Condition[],
    after: Position | undefined,
    limit: number,
  ): Promise<Row[]> {
    const parameters = new SqlParameters();
    const where = whereClause(request, conditions, parameters, this.clock.now());
    if (after) where.push(keyset(definition, request, after, parameters));
    const { column, descending } = request.sort;
    const direction = descending ? 'DESC' : 'ASC';
    // A column that holds no null says nothing of nulls: only so does an ascending index serve both directions.
    const nulls = column.nullable ? ' NULLS LAST' : '';
    const order =
      column.expression === definition.id.expression ? '' : `${column.expression} ${direction}${nulls}, `;
    const offset = request.page ? ` OFFSET ${parameters.add((request.page - 1) * request.limit!)}` : '';
    const { rows } = await this.database.query<Row>(
      `SELECT ${definition.select} FROM ${definition.from} WHERE ${where.join(' AND ')} ` +
        `ORDER BY ${order}${definition.id.expression} ${direction} LIMIT ${parameters.add(limit)}${offset}`,
      parameters.values,
    );
    return rows;
  }

  private async count(
    definition: ListDefinition,
    request: ListRequest,
    conditions: Condition[],
  ): Promise<number> {
    const parameters = new SqlParameters();
    const where = whereClause(request, conditions, parameters, this.clock.now());
    const { rows } = await (this.database as Queryable).query<{ total: number }>(
      `SELECT count(*)::int AS total FROM ${definition.from} WHERE ${where.join(' AND ')}`,
      parameters.values,
    );
    return rows[0]!.total;
  }
}

function whereClause(
  request: ListRequest,
  conditions: Condition[],
  parameters: SqlParameters,
  now: Date,
): string[] {
  return [
    'true',
    ...conditions.map((condition) => condition(parameters)),
    ...request.filters.map(({ filter, value }) => filter.condition(parameters, value, now)),
  ];
}

/** What comes after a position, in the order of `rows`: nulls last, the id breaking ties. */
function keyset(
  definition: ListDefinition,
  request: ListRequest,
  after: Position,
  parameters: SqlParameters,
): string {
  const { column, descending } = request.sort;
  const beyond = descending ? '<' : '>';
  const id = parameters.add(after.id);
  if (column.expression === definition.id.expression) return `${column.expression} ${beyond} ${id}`;
  if (after.value === null)
    return `(${column.expression} IS NULL AND ${definition.id.expression} ${beyond} ${id})`;
  const value = parameters.add(after.value);
  const row = `(${column.expression}, ${definition.id.expression}) ${beyond} (${value}, ${id})`;
  return column.nullable ? `(${row} OR ${column.expression} IS NULL)` : row;
}

function positionOf(definition: ListDefinition, request: ListRequest, row: Row): Position {
  return { value: row[request.sort.column.key] ?? null, id: String(row[definition.id.key]) };
}

function projection<Item extends object>(fields: string[] | undefined): (item: Item) => Item {
  if (!fields) return (item) => item;
  return (item) => Object.fromEntries(fields.map((field) => [field, item[field as keyof Item]])) as Item;
}
