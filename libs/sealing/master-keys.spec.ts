import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Configuration } from '#configuration';
import { MasterKeys, SealError } from './master-keys.js';

const OLD = randomBytes(32).toString('base64');
const NEW = randomBytes(32).toString('base64');
const keys = (...list: string[]) =>
  new MasterKeys(Configuration.from({ POSTERN_MASTER_KEY: list.join(',') }));

describe('a seal', () => {
  it('opens where it was put', () => {
    expect(keys(OLD).open(keys(OLD).seal('text', 'table:1'), 'table:1')).toBe('text');
  });

  it('does not open in another row', () => {
    const sealed = keys(OLD).seal('text', 'table:1');
    expect(() => keys(OLD).open(sealed, 'table:2')).toThrow(SealError);
  });

  it('does not open when any character of it has changed', () => {
    const sealed = keys(OLD).seal('text!', 'table:1');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(() => keys(OLD).open(changed, 'table:1')).toThrow(SealError);
    }
  });

  it('does not open when it was cut', () => {
    const sealed = keys(OLD).seal('text', 'table:1');
    for (let length = 0; length < sealed.length; length += 1)
      expect(() => keys(OLD).open(sealed.slice(0, length), 'table:1')).toThrow(SealError);
  });

  it('shows neither its key nor its text', () => {
    const sealed = keys(OLD).seal('text in clear', 'table:1');
    const [, , body] = sealed.split('.');
    expect(Buffer.from(body!, 'base64url').toString('latin1')).not.toContain('clear');
    expect(sealed).not.toContain(Buffer.from(OLD, 'base64').toString('base64url').slice(0, 6));
  });

  it('opens by any of the keys, and is made anew by the first', () => {
    const sealed = keys(OLD).seal('text', 'table:1');
    const both = keys(NEW, OLD);
    expect(both.open(sealed, 'table:1')).toBe('text');
    expect(both.isCurrent(sealed)).toBe(false);
    expect(both.isCurrent(both.seal('text', 'table:1'))).toBe(true);
    expect(() => keys(NEW).open(sealed, 'table:1')).toThrow(SealError);
  });

  it('is another one each time', () => {
    expect(keys(OLD).seal('text', 'table:1')).not.toBe(keys(OLD).seal('text', 'table:1'));
  });

  it('needs a key', () => {
    expect(keys().available).toBe(false);
    expect(() => keys().seal('text', 'table:1')).toThrow(SealError);
    expect(keys().isCurrent('clear')).toBe(true);
    expect(keys(OLD).isCurrent('clear')).toBe(false);
  });
});
