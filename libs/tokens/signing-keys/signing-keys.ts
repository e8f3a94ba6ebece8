import { Injectable } from '@nestjs/common';
import { isDatabaseUnavailable } from '#database';
import { Clock } from '#http-api';
import type { AccessTokenSigningAlg } from '#oauth-protocol';
import { JwsSigner } from './jws-signer.js';
import { importPrivateKey, publicJwk, type PublicJwk } from './key-pair.js';
import { dueKeys, signingKeyOf, supersededKeys } from './key-schedule.js';
import type { SigningKeyEntity } from './signing-key.entity.js';
import { SigningKeyStore } from './signing-key-store.js';

/** How old what is known of the keys may be; then the database is asked again. */
const LOOK_AGAIN_MS = 60_000;

/** How old it may be while the database does not answer. A key is published a day before it signs. */
const MAX_AGE_MS = 300_000;

/**
 * The keys that sign JWT access tokens. They are made, followed up and removed when somebody asks
 * for one: there is no timer, and no instance that has to be the one.
 */
@Injectable()
export class SigningKeys {
  private keys: SigningKeyEntity[] = [];
  private lookedAt: Date | undefined;
  private looking: Promise<void> | undefined;
  /** Opened private keys by kid. */
  private readonly opened = new Map<string, Promise<JwsSigner>>();

  constructor(
    private readonly store: SigningKeyStore,
    private readonly clock: Clock,
  ) {}

  /** The key that signs now. May ask the database: never within a transaction. */
  async signer(alg: AccessTokenSigningAlg): Promise<JwsSigner> {
    return this.open(signingKeyOf(await this.current(), alg, this.clock.now())!);
  }

  /** All public keys: those that sign, will sign, and signed what has not expired yet (RFC 7517 §5). */
  async published(): Promise<PublicJwk[]> {
    return (await this.current()).map(({ kid, alg, publicKey }) => publicJwk(publicKey, kid, alg));
  }

  private async current(): Promise<SigningKeyEntity[]> {
    if (this.isOlderThan(LOOK_AGAIN_MS)) {
      try {
        await (this.looking ??= this.look());
      } catch (error) {
        if (!isDatabaseUnavailable(error) || this.isOlderThan(MAX_AGE_MS)) throw error;
      }
    }
    return this.keys;
  }

  /** Everybody who waits shares one look. */
  private async look(): Promise<void> {
    try {
      const now = this.clock.now();
      const keys = await this.store.all();
      const due = dueKeys(keys, now).length + supersededKeys(keys, now).length > 0;
      this.keys = due ? await this.store.tend(now) : keys;
      this.lookedAt = now;
      for (const kid of this.opened.keys())
        if (!this.keys.some((key) => key.kid === kid)) this.opened.delete(kid);
    } finally {
      this.looking = undefined;
    }
  }

  /** A clock that was put back is no reason to trust what was known. */
  private isOlderThan(ms: number): boolean {
    if (!this.lookedAt) return true;
    return Math.abs(this.clock.now().getTime() - this.lookedAt.getTime()) > ms;
  }

  private open(entity: SigningKeyEntity): Promise<JwsSigner> {
    const known = this.opened.get(entity.kid);
    if (known) return known;
    const opening = this.import(entity);
    this.opened.set(entity.kid, opening);
    opening.catch(() => this.opened.delete(entity.kid));
    return opening;
  }

  private async import(entity: SigningKeyEntity): Promise<JwsSigner> {
    return new JwsSigner(entity, await importPrivateKey(this.store.opened(entity), entity));
  }
}
