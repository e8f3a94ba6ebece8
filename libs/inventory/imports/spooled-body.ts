import { randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Problem } from '#http-api';

const CHUNK_BYTES = 256 * 1024;

/** How much of a body is taken. A class, so that it can be injected. */
export class BodyLimits {
  readonly maxBytes: number = 2 * 1024 ** 3;
  /** Milliseconds that a client may stay silent in the middle of its body. */
  readonly maxSilence: number = 30_000;
}

/**
 * A request body on disk, so that the import's transaction never waits for a slow client, and
 * memory stays small. The file has no name, so nothing is left of it however the process ends.
 */
export class SpooledBody implements AsyncDisposable {
  private constructor(private readonly file: FileHandle) {}

  /**
   * @throws Problem 413 above `maxBytes`, 408 after `maxSilence`, 400 where the body breaks off, 507
   *   where the disk has no room for it
   */
  static async take(body: Readable, limits: BodyLimits): Promise<SpooledBody> {
    // Its error is met when it is read; it must not end the process where that is not yet so.
    body.on('error', () => {});
    const path = join(tmpdir(), `postern-import-${randomUUID()}`);
    try {
      return await SpooledBody.into(path, body, limits);
    } catch (error) {
      throw isFull(error) ? noRoom(error) : error;
    }
  }

  private static async into(path: string, body: Readable, limits: BodyLimits): Promise<SpooledBody> {
    const file = await open(path, 'wx+', 0o600);
    try {
      await unlink(path);
      await copy(body, file, limits);
      return new SpooledBody(file);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** All of it. A chunk is good until the next one is asked for: they share one buffer, as memory stays flat so. */
  async *chunks(): AsyncGenerator<Buffer> {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let position = 0; ;) {
      const { bytesRead } = await this.file.read(buffer, 0, CHUNK_BYTES, position);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      position += bytesRead;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file.close();
  }
}

async function copy(body: Readable, file: FileHandle, { maxBytes, maxSilence }: BodyLimits): Promise<void> {
  let size = 0;
  // Left open when it is refused half-way: the answer goes out by the same socket.
  const chunks = body.iterator({ destroyOnReturn: false });
  for (;;) {
    const { done, value } = await nextChunk(chunks, maxSilence);
    if (done) return;
    const chunk = value as Buffer;
    size += chunk.length;
    if (size > maxBytes) throw bodyTooLarge(maxBytes);
    // Unlike `write`, which may write a part where the disk is nearly full, and says so in its result alone.
    await file.writeFile(chunk);
  }
}

async function nextChunk(
  chunks: AsyncIterator<unknown>,
  maxSilence: number,
): Promise<IteratorResult<unknown>> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(refusal(408, 'request_timeout', 'The body did not go on.')), maxSilence);
  });
  const next = chunks.next().catch((cause: unknown) => {
    throw new Problem(400, 'incomplete_body', 'The body broke off before its end.', { cause });
  });
  try {
    return await Promise.race([next, silence]);
  } finally {
    clearTimeout(timer);
    next.catch(() => {});
  }
}

export function bodyTooLarge(maxBytes: number): Problem {
  return refusal(413, 'payload_too_large', `The body may have ${maxBytes} bytes at most.`);
}

/** No room, no quota, or a file larger than the process may write. */
function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function noRoom(cause: unknown): Problem {
  const detail = 'There is no room for a body of this size here; its parts may fit, or all of it later.';
  return refusal(507, 'insufficient_storage', detail, cause);
}

/** What is left of the body is not read any more, so the connection cannot go on. */
function refusal(status: number, code: string, detail: string, cause?: unknown): Problem {
  return new Problem(status, code, detail, { cause, headers: { connection: 'close' } });
}
