import { describe, expect, it } from '@jest/globals';
import { SlowHashing } from '#access-control';
import { Metrics, Tracing } from '#observability';
import { passwordFault, Passwords } from './passwords.js';

describe('a password', () => {
  it.each(['correct horse battery', 'aaaaaaaaaaaa', '123456789012', ' '.repeat(11) + 'x', '🔑'.repeat(12)])(
    'like %j is taken: there is no rule of composition',
    (password) => {
      expect(passwordFault('ada', password)).toBeUndefined();
    },
  );

  it.each(['a'.repeat(11), 'a'.repeat(257), '🔑'.repeat(11), ' '.repeat(12), 'ADA-lovelace'])(
    'like %j is not',
    (password) => {
      expect(passwordFault('ada-Lovelace', password)).toMatch(/^must /);
    },
  );

  it('is the same, however a keyboard composes its letters; and nobody’s where there is no hash', async () => {
    const passwords = new Passwords(new SlowHashing(new Metrics(), new Tracing()));
    const hash = await passwords.hash('Z\u00fcrich is a city');
    expect(hash).toMatch(/^\$2b\$10\$/);
    expect(await passwords.matches('Zu\u0308rich is a city', hash)).toBe(true);
    expect(await passwords.matches('Zurich is a city', hash)).toBe(false);
    expect(await passwords.matches('Z\u00fcrich is a city', undefined)).toBe(false);
  });

  it('of somebody unknown costs what a wrong one costs', async () => {
    const passwords = new Passwords(new SlowHashing(new Metrics(), new Tracing()));
    const hash = await passwords.hash('correct horse battery');
    const times: Record<'wrong' | 'unknown', number[]> = { wrong: [], unknown: [] };
    for (let round = 0; round < 9; round += 1) {
      for (const [kind, stored] of [
        ['wrong', hash],
        ['unknown', undefined],
      ] as const) {
        const start = performance.now();
        await passwords.matches(`wrong ${round}`, stored);
        times[kind].push(performance.now() - start);
      }
    }
    // A hash that did not run would be a hundredth.
    expect(median(times.unknown) / median(times.wrong)).toBeGreaterThan(1 / 4);
    expect(median(times.unknown) / median(times.wrong)).toBeLessThan(4);
  });
});

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
