import { Injectable } from '@nestjs/common';
import { Configuration } from '#configuration';
import { Problem } from '#http-api';
import { MasterKeys } from './master-keys.js';

/** Every column that holds what the vault keeps. */
export const KEPT_IN = [
  'client_secrets.sealed',
  'access_tokens.sealed',
  'clients.authorization_code_sealed',
  'clients.authorization_access_token_sealed',
] as const;
export type KeptIn = (typeof KEPT_IN)[number];

/** What a seal belongs to: in another column or row it does not open. */
export function belongsTo(column: KeptIn, id: string): string {
  return `${column}:${id}`;
}

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
   * @param id the row's
   */
  keep(plain: string, column: KeptIn, id: string): string | null {
    return this.on ? this.keys.seal(plain, belongsTo(column, id)) : null;
  }

  /** @throws Problem 409 while the vault is off, and for what was made while it was */
  reveal(kept: string | null, column: KeptIn, id: string): string {
    this.requireOn();
    if (kept === null)
      throw new Problem(
        409,
        'not_in_vault',
        'This was made while the vault was off; only its hash is known.',
      );
    return this.keys.open(kept, belongsTo(column, id));
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
