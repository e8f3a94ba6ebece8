import { sign, type KeyObject } from 'node:crypto';
import type { AccessTokenSigningAlg } from '#oauth-protocol';

/**
 * Signs at once, on the thread that asks: a WebCrypto signature takes three times the processor time
 * of the signature itself, most of it for the way to another thread and back (docs/decisions/0020).
 */
export class JwsSigner {
  /** Headers by their type, encoded: they are the same for every token of a key. */
  private readonly headers = new Map<string, string>();
  readonly kid: string;
  readonly alg: AccessTokenSigningAlg;

  constructor(
    { kid, alg }: { kid: string; alg: AccessTokenSigningAlg },
    private readonly key: KeyObject,
  ) {
    this.kid = kid;
    this.alg = alg;
  }

  /**
   * The compact serialization of RFC 7515 §7.1.
   * @param typ the media type of the whole (RFC 7515 §4.1.9)
   */
  sign(typ: string, claims: object): string {
    const input = `${this.header(typ)}.${encode(claims)}`;
    return `${input}.${this.signature(Buffer.from(input)).toString('base64url')}`;
  }

  private header(typ: string): string {
    const header = this.headers.get(typ) ?? encode({ typ, alg: this.alg, kid: this.kid });
    this.headers.set(typ, header);
    return header;
  }

  /** RFC 7518 §3.4: the two halves of an ECDSA signature side by side. RFC 8037 §3.1: EdDSA has its own hash. */
  private signature(input: Buffer): Buffer {
    return this.alg === 'ES256'
      ? sign('sha256', input, { key: this.key, dsaEncoding: 'ieee-p1363' })
      : sign(null, input, this.key);
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
