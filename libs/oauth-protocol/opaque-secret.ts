import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { pooledRandomBytes } from './random-pool.js';

/**
 * Generated secrets: a prefix, 256 random bits and a CRC-32 checksum, all in base64url. The prefix
 * and checksum let leak scanners recognise one without asking, and let a mistyped one be refused
 * without a look into the database. 256 random bits cannot be guessed, so one SHA-256 stores them.
 */
export interface SecretFormat {
  prefix: string;
}

export const ACCESS_TOKEN: SecretFormat = { prefix: 'pst_' };
export const CLIENT_SECRET: SecretFormat = { prefix: 'psc_' };
export const REFRESH_TOKEN: SecretFormat = { prefix: 'psr_' };
export const AUTHORIZATION_CODE: SecretFormat = { prefix: 'psa_' };
export const SESSION: SecretFormat = { prefix: 'pss_' };
/** RFC 9126 §2.2. */
export const REQUEST_URI: SecretFormat = { prefix: 'urn:ietf:params:oauth:request_uri:' };

const RANDOM_BYTES = 32;
const BODY = /^[A-Za-z0-9_-]{43}[A-Za-z0-9_-]{6}$/;

export function generateSecret({ prefix }: SecretFormat): string {
  const random = pooledRandomBytes(RANDOM_BYTES).toString('base64url');
  return prefix + random + checksum(prefix + random);
}

/** Whether a text has the form, checksum included; says nothing of whether it was ever issued. */
export function hasFormat({ prefix }: SecretFormat, text: string): boolean {
  const body = text.slice(prefix.length);
  return text.startsWith(prefix) && BODY.test(body) && checksum(text.slice(0, -6)) === text.slice(-6);
}

export function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

/** The start and end of a secret, by which a person recognises it and nobody can use it. */
export function secretHint(secret: string): string {
  return `${secret.slice(0, 8)}…${secret.slice(-4)}`;
}

const checksumBytes = Buffer.alloc(4);

/** Six base64url characters of CRC-32. */
function checksum(text: string): string {
  checksumBytes.writeUInt32BE(crc32(text));
  return checksumBytes.toString('base64url');
}
