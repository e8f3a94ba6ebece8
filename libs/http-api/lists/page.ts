import { Readable } from 'node:stream';
import type { ListRequest } from './list-request.js';
import type { RowFormat } from './row-format.js';

/** One page of a list, with the RFC 8288 links to its neighbours. */
export class Page<Item> {
  constructor(
    readonly items: Item[],
    readonly nextCursor: string | null,
    readonly total: number | undefined,
    private readonly request: ListRequest,
  ) {}

  body(): object {
    return {
      items: this.items,
      next_cursor: this.nextCursor,
      ...(this.total === undefined ? {} : { total: this.total }),
    };
  }

  link(): string {
    const { page, urlOf } = this.request;
    const links = [`<${urlOf(page ? { page: '1' } : {})}>; rel="first"`];
    if (page && page > 1) links.push(`<${urlOf({ page: String(page - 1) })}>; rel="prev"`);
    if (this.nextCursor) {
      links.push(`<${urlOf(page ? { page: String(page + 1) } : { cursor: this.nextCursor })}>; rel="next"`);
    }
    return links.join(', ');
  }
}

/** A whole list on its way out, one batch of text at a time, as fast as the reader takes it. */
export class RowStream {
  readonly contentType: string;
  /** `Content-Disposition` (RFC 6266). */
  readonly disposition: string;

  /**
   * @param name of the file, without its extension
   * @param columns of a row, in their order
   */
  constructor(
    private readonly batches: AsyncGenerator<string>,
    private readonly format: RowFormat,
    name: string,
    private readonly columns: readonly string[],
  ) {
    this.contentType = format.contentType;
    this.disposition = `attachment; filename="${name}.${format.extension}"`;
  }

  /**
   * Fetches the first batch, so that a list which cannot be read is still an error answer. An error
   * after that breaks the connection off, short of the end of the body. Destroying the stream, as
   * happens when the reader goes away, ends the fetching.
   */
  async open(): Promise<Readable> {
    const first = await this.batches.next();
    return Readable.from(this.text(first), { objectMode: false, highWaterMark: 64 * 1024 });
  }

  private async *text(first: IteratorResult<string>): AsyncGenerator<string> {
    const heading = this.format.heading(this.columns);
    if (heading) yield heading;
    if (first.done) return;
    yield first.value;
    yield* this.batches;
  }
}
