import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';

/** By writer: how far the copy has come. */
export type Positions = Map<string, number>;

/** An event in the copy, by its place in its chain. */
export interface Copied {
  id: string;
  writer: string;
  sequence: number;
}

/** Where the copy goes. */
export interface CopyTarget {
  /** @throws Error where nothing can be written there */
  open(): Promise<void>;
  /** Makes good what an end without notice has left. @returns by writer, the last event beyond what was noted */
  recover(noted: Positions): Promise<Copied[]>;
  /** Resolves when the lines are as durable as they get. */
  append(lines: string): Promise<void>;
  close(): Promise<void>;
}

/** @param target `stdout`, or a file */
export function copyTargetOf(target: string): CopyTarget {
  return target === 'stdout' ? new StandardOutput() : new CopyFile(resolve(target));
}

/** What was printed cannot be read again: after an end without notice the last lines may come twice. */
class StandardOutput implements CopyTarget {
  open(): Promise<void> {
    return Promise.resolve();
  }

  recover(): Promise<Copied[]> {
    return Promise.resolve([]);
  }

  append(lines: string): Promise<void> {
    return new Promise((written, failed) => {
      process.stdout.write(lines, (error) => (error ? failed(error) : written()));
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** How much of the file's end is read at first, in bytes; twice as much where that is not enough. */
const TAIL = 64 * 1024;

/** Lines are on the disk before they are noted; those that were not noted any more are found at the file's end. */
class CopyFile implements CopyTarget {
  private file: FileHandle | undefined;

  constructor(private readonly path: string) {}

  async open(): Promise<void> {
    const { O_APPEND, O_CREAT, O_RDWR } = constants;
    await this.close();
    this.file = await open(this.path, O_APPEND | O_CREAT | O_RDWR, 0o600);
  }

  async recover(noted: Positions): Promise<Copied[]> {
    await this.open();
    const file = this.file!;
    const { size } = await file.stat();
    const found = new Map<string, Copied>();
    for (let length = TAIL; ; length *= 2) {
      const from = Math.max(0, size - length);
      const { buffer } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
      const end = buffer.lastIndexOf('\n') + 1;
      if (end === 0 && from > 0) continue;
      const lines = buffer.subarray(0, end).toString().split('\n').slice(0, -1);
      // The first one may have begun before the part that was read.
      const known = lines
        .slice(from > 0 ? 1 : 0)
        .toReversed()
        .map(placeOf);
      const beyond = known.findIndex((place) => !place || place.sequence <= (noted.get(place.writer) ?? 0));
      if (beyond === -1 && from > 0) continue;
      for (const place of known.slice(0, beyond === -1 ? undefined : beyond)) {
        const later = found.get(place!.writer);
        if (!later || later.sequence < place!.sequence) found.set(place!.writer, place!);
      }
      if (from + end < size) await file.truncate(from + end);
      return [...found.values()];
    }
  }

  async append(lines: string): Promise<void> {
    if (await this.wasMoved()) await this.open();
    await this.file!.appendFile(lines);
    await this.file!.datasync();
  }

  async close(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await file?.close();
  }

  /** As logrotate does: then a new one begins. */
  private async wasMoved(): Promise<boolean> {
    if (!this.file) return true;
    const [there, ours] = await Promise.all([stat(this.path).catch(() => undefined), this.file.stat()]);
    return there?.ino !== ours.ino || there.dev !== ours.dev;
  }
}

function placeOf(line: string): Copied | undefined {
  try {
    const { id, writer, sequence } = JSON.parse(line) as Record<keyof Copied, unknown>;
    if (typeof id !== 'string' || typeof writer !== 'string' || typeof sequence !== 'number')
      return undefined;
    return { id, writer, sequence };
  } catch {
    return undefined;
  }
}
