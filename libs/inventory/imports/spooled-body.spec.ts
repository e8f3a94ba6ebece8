import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { describe, expect, it, jest } from '@jest/globals';
import { SpooledBody } from './spooled-body.js';

const LIMITS = { maxBytes: 1_000_000, maxSilence: 20 };

async function textOf(spooled: SpooledBody): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of spooled.chunks()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('SpooledBody', () => {
  it('gives back what it took', async () => {
    const text = 'é'.repeat(400_000);
    await using spooled = await SpooledBody.take(Readable.from(Buffer.from(text)), LIMITS);
    expect(await textOf(spooled)).toBe(text);
  });

  it('keeps all of a chunk of which the disk takes but a part at first', async () => {
    await using probe = await open('/dev/null');
    const prototype = Object.getPrototypeOf(probe) as typeof probe;
    const { write } = prototype;
    using _short = jest.spyOn(prototype, 'write').mockImplementation(function (
      this: typeof probe,
      ...[chunk]: unknown[]
    ) {
      return write.call(this, (chunk as Buffer).subarray(0, 5) as never) as never;
    });
    await using spooled = await SpooledBody.take(Readable.from(Buffer.from('{"id":"whole"}')), LIMITS);
    expect(await textOf(spooled)).toBe('{"id":"whole"}');
  });

  it('refuses a body above its limit', async () => {
    const body = Readable.from([Buffer.alloc(900_000), Buffer.alloc(100_001)]);
    await expect(SpooledBody.take(body, LIMITS)).rejects.toMatchObject({ status: 413 });
  });

  it.each(['ENOSPC', 'EDQUOT'])('says that there is no room where the disk says %s', async (code) => {
    await using probe = await open('/dev/null');
    const prototype = Object.getPrototypeOf(probe) as typeof probe;
    const full = Object.assign(new Error(`${code}: write`), { code });
    using _full = jest.spyOn(prototype, 'writeFile').mockRejectedValue(full);
    const body = Readable.from(Buffer.from('{"id":"whole"}'));
    await expect(SpooledBody.take(body, LIMITS)).rejects.toMatchObject({
      status: 507,
      code: 'insufficient_storage',
      cause: full,
    });
  });

  it('gives up on a client that falls silent', async () => {
    const body = new Readable({ read: () => {} });
    body.push(Buffer.from('half a li'));
    await expect(SpooledBody.take(body, LIMITS)).rejects.toMatchObject({ status: 408 });
  });

  it('refuses a body that breaks off', async () => {
    const body = new Readable({ read: () => {} });
    body.push(Buffer.from('half a li'));
    setImmediate(() => body.destroy(new Error('aborted')));
    await expect(SpooledBody.take(body, LIMITS)).rejects.toMatchObject({ code: 'incomplete_body' });
  });
});
