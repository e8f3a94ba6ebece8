import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '#database';
import { Clock } from '#http-api';

/** How long a nonce is handed out, in milliseconds; it is good as long again. */
const STEP_MS = 120_000;
const KEY_BYTES = 32;
const NONCE_BYTES = 16;

/**
 * Server-provided nonces (RFC 9449 §8): the time of day under a key that the instances share, so that nothing is
 * stored, and a proof that carries one was made within the last minutes, whatever its `iat` says.
 */
@Injectable()
export class DpopNonces {
  private key: Promise<Buffer> | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async current(): Promise<string> {
    return nonceOf(await this.sharedKey(), this.step());
  }

  /** Whether it is one that this or another instance handed out lately; their clocks differ a little. */
  async isGood(nonce: string): Promise<boolean> {
    const key = await this.sharedKey();
    const step = this.step();
    return [step, step - 1, step + 1].some((one) => nonceOf(key, one) === nonce);
  }

  private step(): number {
    return Math.floor(this.clock.now().getTime() / STEP_MS);
  }

  private sharedKey(): Promise<Buffer> {
    this.key ??= this.find().catch((error: unknown) => {
      this.key = undefined;
      throw error;
    });
    return this.key;
  }

  /** Whichever instance needs it first makes it, for all and for good. */
  private async find(): Promise<Buffer> {
    await this.database.query(
      'INSERT INTO dpop_nonce_keys (id, key) VALUES (1, $1) ON CONFLICT (id) DO NOTHING',
      [randomBytes(KEY_BYTES)],
    );
    const { rows } = await this.database.query<{ key: Buffer }>('SELECT key FROM dpop_nonce_keys');
    return rows[0]!.key;
  }
}

function nonceOf(key: Buffer, step: number): string {
  return createHmac('sha256', key)
    .update(String(step))
    .digest()
    .subarray(0, NONCE_BYTES)
    .toString('base64url');
}
