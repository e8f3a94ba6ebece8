import { Inject, Injectable } from '@nestjs/common';
import { Database, type Queryable } from '#database';
import { Clock } from '../clock.js';
import { encodeCursor } from './cursor.js';
import type { ListDefinition } from './list-definition.js';
import { ListReader, type Row } from './list-reader.js';
import type { ListRequest } from './list-request.js';
import { Page, RowStream } from './page.js';
import { NDJSON } from './row-format.js';
import type { Condition } from './sql-parameters.js';

/** Rows fetched at once while all are streamed. No connection is held between two batches. */
const STREAM_BATCH = 1000;
/** The key under which a row holds its line of NDJSON. */
const LINE = '(line)';

/** Says what a field that is included holds: a value for each of some rows, in their order. */
export type Inclusion = (rows: readonly Row[]) => Promise<unknown[]>;

/** Runs every list: one page by keyset (never OFFSET, `?page=` aside), or all of it as a stream. */
@Injectable()
export class Lists {
  constructor(
    @Inject(Database) private readonly database: Queryable,
    private readonly clock: Clock,
  ) {}

  /** The same, read from elsewhere. */
  from(source: Queryable): Lists {
    return new Lists(source, this.clock);
  }

  /**
   * @param conditions limit the list to what the caller may see, whatever he filters by
   * @param present makes the wire shape of a row
   * @param inclusions of the fields that the list can include, by their names
   */
  async answer<Item extends object>(
    definition: ListDefinition,
    request: ListRequest,
    conditions: Condition[],
    present: (row: Row) => Item,
    inclusions: Record<string, Inclusion> = {},
  ): Promise<Page<Item> | RowStream> {
    const { format, limit, page } = request;
    const readerOf = (list: ListDefinition) =>
      new ListReader(this.database, list, request, conditions, this.clock.now());
    const project = projection<Item>(request.fields);
    const show = async (rows: Row[]) => {
      const items = rows.map((row) => project(present(row)));
      for (const name of request.include) {
        const values = await inclusions[name]!(rows);
        items.forEach((item, index) => Object.assign(item, { [name]: values[index] }));
      }
      return items;
    };
    if (format !== 'page') {
      const columns = request.fields ?? definition.fields ?? [];
      const batches =
        format === NDJSON && definition.json
          ? everything(readerOf(writtenAsJson(definition, definition.json, request)), request, joinLines)
          : everything(readerOf(definition), request, async (rows) =>
              format.lines(await show(rows), columns),
            );
      return new RowStream(batches, format, definition.name, columns);
    }
    const reader = readerOf(definition);
    const rows = page
      ? await reader.numberedPage(page, limit, limit + 1)
      : await reader.page(request.after, limit + 1);
    const items = await show(rows.slice(0, limit));
    const next =
      rows.length > limit ? encodeCursor(reader.positionOf(rows[limit - 1]!), request.binding) : null;
    const total = request.count ? await reader.count() : undefined;
    return new Page(items, next, total, request);
  }
}

/** The list with rows that the database has written already, and what tells the position of each. */
function writtenAsJson(definition: ListDefinition, json: string, request: ListRequest): ListDefinition {
  const position = [definition.id, request.sort.column].map(
    ({ expression, key }) => `${expression} AS "${key}"`,
  );
  return { ...definition, select: [...new Set([`${json} AS "${LINE}"`, ...position])].join(', ') };
}

function joinLines(rows: Row[]): string {
  let text = '';
  for (const row of rows) text += `${row[LINE] as string}\n`;
  return text;
}

/**
 * All rows from a position on as text, batch by batch. While one is being sent the next is fetched
 * already, and no more than that one.
 */
async function* everything(
  reader: ListReader,
  request: ListRequest,
  write: (rows: Row[]) => string | Promise<string>,
): AsyncGenerator<string> {
  let next: Promise<Row[]> | undefined = reader.batch(request.after, STREAM_BATCH);
  while (next) {
    const rows: Row[] = await next;
    next =
      rows.length < STREAM_BATCH ? undefined : reader.batch(reader.positionOf(rows.at(-1)!), STREAM_BATCH);
    // It is awaited in the next round, unless the reader has gone away by then.
    next?.catch(() => {});
    if (rows.length > 0) yield await write(rows);
  }
}

function projection<Item extends object>(fields: string[] | undefined): (item: Item) => Item {
  if (!fields) return (item) => item;
  return (item) => Object.fromEntries(fields.map((field) => [field, item[field as keyof Item]])) as Item;
}
