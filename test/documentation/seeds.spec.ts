import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../../..');
const document = await readFile(join(ROOT, 'docs/seeds.md'), 'utf8');
const rows = document
  .split('\n')
  .filter((line) => /^\| .* \| `test\//.test(line))
  .map((line) => {
    const [, what, file, name] = line.split('|').map((cell) => cell.trim());
    return { what: what!, file: file!.replaceAll('`', ''), name: name! };
  });

describe('the table of the seeds', () => {
  it('has no open row', () => {
    expect(rows.length).toBeGreaterThan(50);
    expect(document.match(/^\| (?!what|---)/gm)).toHaveLength(rows.length);
  });

  it.each(rows)('$what: names a test that is there', async ({ file, name }) => {
    const source = await readFile(join(ROOT, `${file}.spec.ts`), 'utf8');
    const tests = [...source.matchAll(/\bit(?:\.each\((?:.|\n)*?\))?\(\s*(['"`])(.*?)\1/g)].map(
      ([, , title]) => title,
    );
    expect(tests).toContain(name);
  });
});
