import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SlowHashing } from '#access-control';
import { CLIENT_SECRET, hasFormat, sha256 } from '#oauth-protocol';

export interface StoredSecret {
  id: string;
  algorithm: 'sha256' | 'bcrypt';
  hash: string;
}

/**
 * The two stored forms of a client secret. The shape of a secret alone decides its form: the
 * generated one has 256 random bits, and SHA-256 is enough; any other was chosen by a person, and
 * gets bcrypt. So the time that a check takes tells nobody whether the client exists.
 */
@Injectable()
export class SecretHashing {
  constructor(private readonly slow: SlowHashing) {}

  async hash(plain: string): Promise<Omit<StoredSecret, 'id'>> {
    if (algorithmOf(plain) === 'sha256')
      return { algorithm: 'sha256', hash: sha256(plain).toString('base64') };
    return { algorithm: 'bcrypt', hash: await this.slow.hash(plain) };
  }

  /** @returns the stored secret that the presented one is, or undefined, after the same work either way */
  async match(presented: string, stored: StoredSecret[]): Promise<StoredSecret | undefined> {
    const algorithm = algorithmOf(presented);
    const candidates = stored.filter((secret) => secret.algorithm === algorithm);
    if (algorithm === 'sha256') {
      const hash = sha256(presented);
      return candidates.find((secret) => timingSafeEqual(Buffer.from(secret.hash, 'base64'), hash));
    }
    return candidates[
      await this.slow.match(
        presented,
        candidates.map(({ hash }) => hash),
      )
    ];
  }
}

function algorithmOf(plain: string): StoredSecret['algorithm'] {
  return hasFormat(CLIENT_SECRET, plain) ? 'sha256' : 'bcrypt';
}
