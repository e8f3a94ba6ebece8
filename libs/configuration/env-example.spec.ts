import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Variables } from './variables.js';

const example = readFileSync(join(import.meta.dirname, '../../../.env.example'), 'utf8');
const lines = [...example.matchAll(/^# ?([A-Z_]+)=(.*)$/gm)];

describe('.env.example', () => {
  it('names the variables that there are, and no other', () => {
    expect(lines.map(([, name]) => name)).toEqual(Object.keys(new Variables()));
  });

  it('gives their defaults', () => {
    const defaults = Object.entries(new Variables()).map(([name, value]) => [name, String(value ?? '')]);
    expect(lines.map(([, name, value]) => [name, value])).toEqual(defaults);
  });

  it('says of each what it is', () => {
    const blocks = example.split(/\n\n+/).filter((block) => /^# ?[A-Z_]+=/m.test(block));
    expect(blocks).toHaveLength(lines.length);
    for (const block of blocks) expect(block.split('\n')[0]).toMatch(/^# .+\.$/);
  });

  it('sets nothing of itself', () => {
    expect(example.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });
});
