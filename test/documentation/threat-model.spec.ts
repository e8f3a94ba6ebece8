import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../../..');
const read = (path: string) => readFile(join(ROOT, path), 'utf8');
const document = await read('docs/threat-model.md');
const rows = document
  .split('\n')
  .filter((line) => /\| `test\//.test(line))
  .map((line) => {
    const [, threat, , code, file, name] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const plain = (cell?: string) => cell!.replaceAll('`', '');
    return { threat: threat!, code: plain(code), file: plain(file), name: name!.replaceAll('\\', '') };
  });

describe('the threat model', () => {
  it('has a test for each threat', () => {
    expect(rows.length).toBeGreaterThan(60);
    const begin = document.indexOf('## Threats');
    const end = document.indexOf('## What is not answered');
    expect(document.slice(begin, end).match(/^\| (?!threat|-)/gm)).toHaveLength(rows.length);
  });

  it.each(rows)('$threat: names code and a test that are there', async ({ code, file, name }) => {
    await access(join(ROOT, code));
    const source = await read(`${file}.spec.ts`);
    expect(source).toContain(name);
  });
});

it('the dependencies are audited in CI, strictly where the registry says', async () => {
  expect(await read('.ci/run')).toContain('tools/audit-dependencies.mjs ${POSTERN_STRICT_AUDIT:+--strict}');
  expect(await read('.github/workflows/ci.yml')).toMatch(/POSTERN_STRICT_AUDIT: '1'/);
});
