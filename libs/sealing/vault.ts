import { Injectable } from '@nestjs/common';
import { Configuration } from '#configuration';
import { Problem } from '#http-api';
import { MasterKeys } from './master-keys.js';

/**
 * Where secrets and tokens are kept so that they can be looked at again: on with `POSTERN_VAULT`,
 * and else nothing that could be recovered is stored. What was made while it was off stays a hash.
 */
@Injectable()
export class Vault {
  readonly on: boolean;

  constructor(
    configuration: Configuration,
    private readonly keys: MasterKeys,
  ) {
    this.on = configuration.vault;
  }

  /**
   * What to store beside the hash: sealed, or null while the vault is off.
   * @param belongsTo `<table>.<column>:<row id>`
   */
  keep(plain: string, belongsTo: string): string | null {
    return this.on ? this.keys.seal(plain, belongsTo) : null;
  }

  /** @throws Problem 409 while the vault is off, and for what was made while it was */
  reveal(kept: string | null, belongsTo: string): string {
    this.requireOn();
    if (kept === null)
      throw new Problem(
        409,
        'not_in_vault',
        'This was made while the vault was off; only its hash is known.',
      );
    return this.keys.open(kept, belongsTo);
  }

  /** @throws Problem 409 */
  requireOn(): void {
    if (!this.on)
      throw new Problem(
        409,
        'vault_disabled',
        'The vault is off (POSTERN_VAULT): secrets and tokens are kept as hashes alone.',
      );
  }
}
