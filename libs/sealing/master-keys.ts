import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Configuration } from '#configuration';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const ID_BYTES = 8;
/** `seal1.<key id>.<iv, ciphertext and tag in base64url>` */
const SEALED = /^seal1\.([A-Za-z0-9_-]{11})\.([A-Za-z0-9_-]+)$/;

/** A seal that no key of ours opens: the key is gone from `POSTERN_MASTER_KEY`, or the text is not what was sealed. */
export class SealError extends Error {}

/**
 * Seals what is stored and must be readable again: AES-256-GCM under the first master key, with the
 * key's id, so that all of them open. What a text belongs to (its table, column and row) is part of
 * the seal: moved elsewhere, it does not open. A random IV is good for 2^32 seals of one key (NIST
 * SP 800-38D, 8.3).
 */
@Injectable()
export class MasterKeys {
  /** By their ids, the first one first. */
  private readonly keys: ReadonlyMap<string, Buffer>;

  constructor(configuration: Configuration) {
    this.keys = new Map(
      configuration.masterKeys.map((master) => [
        derive(master, 'key id', ID_BYTES).toString('base64url'),
        derive(master, CIPHER, KEY_BYTES),
      ]),
    );
  }

  /** Whether there is one at all. */
  get available(): boolean {
    return this.keys.size > 0;
  }

  /** @param belongsTo e.g. `signing_keys.private_key:<kid>` */
  seal(plain: string, belongsTo: string): string {
    const [first] = this.keys;
    if (!first) throw new SealError('There is no master key.');
    const [id, key] = first;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(additionalData(id, belongsTo));
    const sealed = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `seal1.${id}.${sealed.toString('base64url')}`;
  }

  /** @throws SealError */
  open(sealed: string, belongsTo: string): string {
    const [, id = '', body = ''] = SEALED.exec(sealed) ?? [];
    const key = this.keys.get(id);
    if (!key)
      throw new SealError('This was sealed under a master key that POSTERN_MASTER_KEY does not hold.');
    const bytes = Buffer.from(body, 'base64url');
    if (bytes.length < IV_BYTES + TAG_BYTES) throw new SealError('This is too short to be a seal.');
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(additionalData(id, belongsTo));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return (
        decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      );
    } catch (cause) {
      throw new SealError('This is not what was sealed here.', { cause });
    }
  }

  /** How every seal begins that is made now. @throws SealError without a key */
  get currentPrefix(): string {
    const [id] = this.keys.keys();
    if (id === undefined) throw new SealError('There is no master key.');
    return `seal1.${id}.`;
  }

  isSealed(text: string): boolean {
    return SEALED.test(text);
  }

  /** Whether a text is sealed as it would be now; else it should be sealed anew. */
  isCurrent(text: string): boolean {
    const [id] = this.keys.keys();
    return id === undefined ? !this.isSealed(text) : SEALED.exec(text)?.[1] === id;
  }
}

/** Everything about a seal that is not secret, its form and its key's id among it. */
function additionalData(id: string, belongsTo: string): Buffer {
  return Buffer.from(`seal1.${id}.${belongsTo}`);
}

/** RFC 5869: a key for each purpose, so that neither the id nor another use tells of the one that seals. */
function derive(master: Buffer, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', master, '', `postern seal1 ${purpose}`, bytes));
}
