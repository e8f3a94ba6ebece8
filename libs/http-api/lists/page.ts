import { Readable } from 'node:stream';
import type { ListRequest } from './list-request.js';

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

/** A whole list as NDJSON, one batch at a time; the next is fetched when the reader has taken this one. */
export class RowStream<Item> {
  constructor(private readonly batches: AsyncGenerator<Item[]>) {}

  stream(): Readable {
    return Readable.from(ndjson(this.batches), { objectMode: false, highWaterMark: 64 * 1024 });
  }
}

async function* ndjson(batches: AsyncGenerator<unknown[]>): AsyncGenerator<string> {
  for await (const batch of batches) yield batch.map((item) => `${JSON.stringify(item)}\n`).join('');
}
