import { describe, expect, it } from '@jest/globals';
import {
  dueKeys,
  JWKS_MAX_AGE,
  LEAD_MS,
  MARGIN_MS,
  ROTATION_MS,
  signingKeyOf,
  supersededKeys,
} from './key-schedule.js';

const START = Date.parse('2026-11-21T09:00:00Z');
const at = (ms: number) => new Date(START + ms);
const key = (kid: string, signsFromMs: number, alg: 'ES256' | 'EdDSA' = 'ES256') => ({
  kid,
  alg,
  signsFrom: at(signsFromMs),
});
const ED = key('ed', ROTATION_MS, 'EdDSA');

describe('the lead', () => {
  it('is longer than a copy of the JWKS lives, and than clocks are apart', () => {
    expect(LEAD_MS).toBeGreaterThan(10 * JWKS_MAX_AGE * 1000);
    expect(LEAD_MS).toBeGreaterThan(10 * MARGIN_MS);
  });
});

describe('the keys that are due', () => {
  it('are one that signs at once for each algorithm without any', () => {
    expect(dueKeys([], at(0))).toEqual([
      { alg: 'ES256', signsFrom: at(0) },
      { alg: 'EdDSA', signsFrom: at(0) },
    ]);
    expect(dueKeys([key('a', 0)], at(1))).toEqual([{ alg: 'EdDSA', signsFrom: at(1) }]);
  });

  it('are none while the newest is young', () => {
    expect(dueKeys([key('a', 0), ED], at(ROTATION_MS - LEAD_MS - 1))).toEqual([]);
  });

  it('are the next one, a lead before it signs', () => {
    const now = at(ROTATION_MS - LEAD_MS);
    expect(dueKeys([key('a', 0), ED], now)).toEqual([{ alg: 'ES256', signsFrom: at(ROTATION_MS) }]);
  });

  it('have the lead however late they are', () => {
    const now = at(10 * ROTATION_MS);
    expect(dueKeys([key('a', 0), key('ed', 10 * ROTATION_MS, 'EdDSA')], now)).toEqual([
      { alg: 'ES256', signsFrom: at(10 * ROTATION_MS + LEAD_MS) },
    ]);
  });

  it('are made once: one that does not sign yet is there', () => {
    expect(dueKeys([key('a', 0), key('b', ROTATION_MS), ED], at(ROTATION_MS - 1))).toEqual([]);
  });
});

describe('the key that signs', () => {
  const keys = [key('a', 0), key('b', 1000), key('ed', 500, 'EdDSA')];

  it.each([
    [0, 'a'],
    [999, 'a'],
    [1000, 'b'],
    [99_999, 'b'],
  ])('is at %i ms %s, the newest whose time has come', (ms, kid) => {
    expect(signingKeyOf(keys, 'ES256', at(ms))!.kid).toBe(kid);
  });

  it('is the first one for a clock that is behind', () => {
    expect(signingKeyOf(keys, 'ES256', at(-5))!.kid).toBe('a');
  });

  it('is of the algorithm that was asked for', () => {
    expect(signingKeyOf(keys, 'EdDSA', at(2000))!.kid).toBe('ed');
    expect(signingKeyOf([key('a', 0)], 'EdDSA', at(0))).toBeUndefined();
  });
});

describe('the keys that sign no more', () => {
  it('are those whose successor signs, a margin later', () => {
    const keys = [key('a', 0), key('b', ROTATION_MS), key('ed', 0, 'EdDSA')];
    expect(supersededKeys(keys, at(ROTATION_MS + MARGIN_MS - 1))).toEqual([]);
    expect(supersededKeys(keys, at(ROTATION_MS + MARGIN_MS))).toEqual([
      { kid: 'a', from: at(-MARGIN_MS), until: at(ROTATION_MS + MARGIN_MS) },
    ]);
  });

  it('signed until the next one did that is there', () => {
    const keys = [key('a', 0), key('c', 2 * ROTATION_MS)];
    expect(supersededKeys(keys, at(3 * ROTATION_MS))).toEqual([
      { kid: 'a', from: at(-MARGIN_MS), until: at(2 * ROTATION_MS + MARGIN_MS) },
    ]);
  });
});
