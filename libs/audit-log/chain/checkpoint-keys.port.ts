import type { CheckpointClaims } from './checkpoint.js';

/** The keys of a moment. Asks no database. */
export interface CheckpointKeys {
  /** Of the key that signs. */
  kid: string;
  /** A JWS in the compact serialization (RFC 7515 §7.1). */
  sign(claims: CheckpointClaims): string;
  /** @returns what was signed; undefined where it was not, by none of the keys that there are */
  open(jws: string): Promise<CheckpointClaims | undefined>;
}

/** What the audit log asks of signing keys. */
export abstract class CheckpointSigning {
  /** May ask the database: never within a transaction. */
  abstract keys(): Promise<CheckpointKeys>;
}
