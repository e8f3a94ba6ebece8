import { Injectable, Logger } from '@nestjs/common';
import { MasterKeys, SealError } from '#sealing';
import { importPrivateKey } from './key-pair.js';
import type { SigningKeyEntity } from './signing-key.entity.js';
import { SigningKeyStore } from './signing-key-store.js';

/** Why the signing keys keep the server from starting, in words for whoever runs it. Never holds a key. */
export class SigningKeyError extends Error {}

/** What a start does about the keys at rest. */
@Injectable()
export class SigningKeySealing {
  private readonly logger = new Logger('SigningKeys');

  constructor(
    private readonly store: SigningKeyStore,
    private readonly masterKeys: MasterKeys,
  ) {}

  /**
   * 1. Every key opens, and is the one that its kid names.
   * 2. What is not sealed under the first master key is sealed anew.
   * 3. Without a master key, a warning.
   * @returns how many were sealed anew
   * @throws SigningKeyError
   */
  async run(): Promise<number> {
    const done = await this.store.alone(async (transaction) => {
      let sealed = 0;
      for (const entity of await this.store.all(transaction)) {
        const privateKey = await this.checked(entity);
        if (this.masterKeys.isCurrent(entity.privateKey)) continue;
        await transaction.query('UPDATE signing_keys SET private_key = $2 WHERE kid = $1', [
          entity.kid,
          this.store.closed(entity.kid, privateKey),
        ]);
        sealed += 1;
      }
      return sealed;
    });
    if (this.masterKeys.available) return done;
    this.logger.warn(
      'POSTERN_MASTER_KEY is not set: the keys that sign tokens lie in the database in clear.',
    );
    return done;
  }

  private async checked(entity: SigningKeyEntity): Promise<string> {
    try {
      const privateKey = this.store.opened(entity);
      await importPrivateKey(privateKey, entity);
      return privateKey;
    } catch (error) {
      throw new SigningKeyError(`The signing key ${entity.kid} does not open. ${reasonOf(error)}`, {
        cause: error,
      });
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof SealError)) return 'Its row in signing_keys has been changed.';
  return `${error.message} POSTERN_MASTER_KEY takes the keys of before, too, after the new one.`;
}
