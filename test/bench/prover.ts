import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';

/** Makes DPoP proofs (RFC 9449 §4.2) of one key, as fast as Node.js can. */
export class Prover {
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private readonly header = encoded({
    typ: 'dpop+jwt',
    alg: 'ES256',
    jwk: this.keys.publicKey.export({ format: 'jwk' }),
  });

  proof(htm: string, htu: string, accessToken?: string): string {
    const ath = accessToken && createHash('sha256').update(accessToken).digest('base64url');
    const iat = Math.floor(Date.now() / 1000);
    const input = `${this.header}.${encoded({ jti: randomUUID(), htm, htu, iat, ath })}`;
    const key = { key: this.keys.privateKey, dsaEncoding: 'ieee-p1363' } as const;
    return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
  }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
