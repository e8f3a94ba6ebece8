import { authorizedFetch, problemOf } from './client';

/** What is on its way is put aside in pieces of this, where a browser may keep it on disk. */
const PIECE_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;
const QUOTE = 0x22;

export interface DownloadOptions {
  /** In which of the forms that the list has. */
  accept: 'application/x-ndjson' | 'text/csv';
  /** What the file is called where it is saved. */
  fileName: string;
  /** As it goes: rows without the header, and bytes as they are when unpacked. */
  onProgress?(rows: number, bytes: number): void;
  /** Ends it; nothing is saved then. */
  signal?: AbortSignal;
}

/**
 * Streams all rows of a list and saves them as a file, once they are all there.
 * @param query as the list takes it; what is undefined is left out
 * @returns how many rows there were
 * @throws Problem, SignedOut; AbortError when the signal ended it
 */
export async function downloadList(
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
  { accept, fileName, onProgress, signal }: DownloadOptions,
): Promise<number> {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  const response = await authorizedFetch(new Request(url, { headers: { accept }, signal }));
  if (!response.ok) throw await problemOf(response);
  const counter = new RowCounter(accept === 'text/csv');
  const pieces: Blob[] = [];
  let chunks: BlobPart[] = [];
  let bytes = 0;
  let waiting = 0;
  for await (const chunk of chunksOf(response)) {
    chunks.push(chunk);
    bytes += chunk.length;
    waiting += chunk.length;
    counter.add(chunk);
    onProgress?.(counter.rows, bytes);
    if (waiting < PIECE_BYTES) continue;
    pieces.push(new Blob(chunks));
    chunks = [];
    waiting = 0;
  }
  save(new Blob([...pieces, ...chunks], { type: accept }), fileName);
  return counter.rows;
}

/** Hands a file to the browser's downloads. */
export function save(file: Blob, fileName: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = fileName;
  link.click();
  // The download has taken hold of it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Not every browser iterates over a stream. */
async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = body!.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** Counts lines; those within a quoted field of a CSV are no rows, and its first is the header. */
class RowCounter {
  private lines = 0;
  private quoted = false;

  constructor(private readonly csv: boolean) {}

  get rows(): number {
    return this.csv ? Math.max(this.lines - 1, 0) : this.lines;
  }

  add(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (byte === NEWLINE && !this.quoted) this.lines += 1;
      else if (byte === QUOTE && this.csv) this.quoted = !this.quoted;
    }
  }
}
