import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ACCESS_TOKEN,
  CLIENT_SECRET,
  generateSecret,
  hasFormat,
  secretHint,
  sha256,
} from './opaque-secret.js';

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

describe('generated secrets', () => {
  it('have a prefix, 256 random bits and a checksum, in characters that need no encoding', () => {
    expect(generateSecret(ACCESS_TOKEN)).toMatch(/^pst_[A-Za-z0-9_-]{49}$/);
    expect(generateSecret(CLIENT_SECRET)).toMatch(/^psc_[A-Za-z0-9_-]{49}$/);
  });

  it('never come twice', () => {
    expect(new Set(Array.from({ length: 1000 }, () => generateSecret(ACCESS_TOKEN))).size).toBe(1000);
  });

  it('have their own format and not the other one', () => {
    const token = generateSecret(ACCESS_TOKEN);
    expect(hasFormat(ACCESS_TOKEN, token)).toBe(true);
    expect(hasFormat(CLIENT_SECRET, token)).toBe(false);
    expect(hasFormat(CLIENT_SECRET, token.replace('pst_', 'psc_'))).toBe(false);
  });

  it('are recognised as mistyped when any one character is another', () => {
    const token = generateSecret(ACCESS_TOKEN);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...CHARACTERS), (position, character) => {
        fc.pre(token[position] !== character);
        const mistyped = token.slice(0, position) + character + token.slice(position + 1);
        return !hasFormat(ACCESS_TOKEN, mistyped);
      }),
    );
  });

  it.each(['', 'pst_', 'pst_short', `pst_${'A'.repeat(49)}`, `${generateSecret(ACCESS_TOKEN)}\n`])(
    'are told from %j',
    (text) => {
      expect(hasFormat(ACCESS_TOKEN, text)).toBe(false);
    },
  );

  it('are told from any other text', () => {
    fc.assert(fc.property(fc.string(), (text) => !hasFormat(ACCESS_TOKEN, text)));
  });

  it('are stored as SHA-256', () => {
    expect(sha256('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('give twelve characters away as a hint', () => {
    expect(secretHint('pst_0123456789abcdef')).toBe('pst_0123…cdef');
  });
});
