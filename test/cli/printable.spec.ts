import { describe, expect, it } from '@jest/globals';
import { printableLines } from '../../apps/cli/program/printable.js';
import { card, table } from '../../apps/cli/program/table.js';

// Conceals what follows, sets the window's title, goes up a line, and shows what follows backwards.
const NAME = 'Scanner\u001b[8m\u009d0;you\u0007\n\u001b[1A\u202egpj.exe';

describe('a name that would have the terminal do something', () => {
  it.each([
    [
      'a table',
      () =>
        table([{ name: NAME }], ['name'])
          .split('\n')
          .slice(1)
          .join('\n'),
    ],
    ['a card', () => card({ name: NAME })],
  ])('is spelled out on one line in %s', (_, shown) => {
    expect(shown()).toContain('Scanner\\u001b[8m\\u009d0;you\\u0007\\u000a\\u001b[1A\\u202egpj.exe');
    expect(shown()).not.toContain('\n');
  });

  it('is the same name in JSON, whose lines stay', () => {
    const text = printableLines(JSON.stringify([NAME], null, 2));
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
    expect(JSON.parse(text)).toEqual([NAME]);
    expect(text.split('\n')).toHaveLength(3);
  });
});
