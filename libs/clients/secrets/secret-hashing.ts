import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import bcrypt from 'bcrypt';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { Problem } from '#http-api';
import { CLIENT_SECRET, hasFormat, sha256 } from '#oauth-protocol';

export interface StoredSecret {
  id: string;
  algorithm: 'sha256' | 'bcrypt';
  hash: string;
}

const BCRYPT_COST = 10;
/** Slow hashes at a time, and those that may wait; beyond that a caller is told to come again. */
const CONCURRENCY = 2;
const MAX_WAITING = 64;
const REMEMBERED = 10_000;

/**
 * The two stored forms of a client secret. The shape of a secret alone decides its form: the
 * generated one has 256 random bits, and SHA-256 is enough; any other was chosen by a person, and
 * gets bcrypt. So the time that a check takes tells nobody whether the client exists.
 */
@Injectable()
export class SecretHashing {
  private readonly slow = pLimit(CONCURRENCY);
  /** Which plain text a stored hash was last verified with, under a key that dies with the process. */
  private readonly verified = new LRUCache<string, Buffer>({ max: REMEMBERED });
  private readonly memoryKey = randomBytes(32);
  private readonly dummy = bcrypt.hash(randomBytes(32).toString('base64'), BCRYPT_COST);

  async hash(plain: string): Promise<Omit<StoredSecret, 'id'>> {
    if (algorithmOf(plain) === 'sha256')
      return { algorithm: 'sha256', hash: sha256(plain).toString('base64') };
    return { algorithm: 'bcrypt', hash: await this.slowly(() => bcrypt.hash(digest(plain), BCRYPT_COST)) };
  }

  /** @returns the stored secret that the presented one is, or undefined, after the same work either way */
  async match(presented: string, stored: StoredSecret[]): Promise<StoredSecret | undefined> {
    const algorithm = algorithmOf(presented);
    const candidates = stored.filter((secret) => secret.algorithm === algorithm);
    if (algorithm === 'sha256') {
      const hash = sha256(presented);
      return candidates.find((secret) => timingSafeEqual(Buffer.from(secret.hash, 'base64'), hash));
    }
    return (
      candidates.find((secret) => this.remembers(presented, secret)) ??
      this.matchSlowly(presented, candidates)
    );
  }

  private async matchSlowly(
    presented: string,
    candidates: StoredSecret[],
  ): Promise<StoredSecret | undefined> {
    const hashes = candidates.length > 0 ? candidates.map(({ hash }) => hash) : [await this.dummy];
    // All of them, and each in its own turn: the bound counts hashes, and the time does not tell which matched.
    const results = await Promise.all(
      hashes.map((hash) => this.slowly(() => bcrypt.compare(digest(presented), hash))),
    );
    const matched = candidates[results.indexOf(true)];
    if (matched) this.verified.set(matched.hash, this.fingerprint(presented, matched));
    return matched;
  }

  private remembers(presented: string, secret: StoredSecret): boolean {
    const fingerprint = this.verified.get(secret.hash);
    return fingerprint !== undefined && timingSafeEqual(fingerprint, this.fingerprint(presented, secret));
  }

  private fingerprint(plain: string, { hash }: StoredSecret): Buffer {
    return createHmac('sha256', this.memoryKey).update(hash).update('\0').update(plain).digest();
  }

  /** A bounded queue: wrong guesses wait for each other, and starve nobody else. */
  private async slowly<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.slow.pendingCount >= MAX_WAITING) throw Problem.busy();
    return this.slow(work);
  }
}

function algorithmOf(plain: string): StoredSecret['algorithm'] {
  return hasFormat(CLIENT_SECRET, plain) ? 'sha256' : 'bcrypt';
}

/** bcrypt reads 72 bytes at most and stops at a NUL; 64 characters of base64 keep all of the secret. */
function digest(plain: string): string {
  return createHash('sha384').update(plain).digest('base64');
}
