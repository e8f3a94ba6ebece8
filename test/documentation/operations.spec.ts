import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Variables } from '#configuration';

const ROOT = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const under = (folder: string, suffix: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(suffix))
    .map((name) => `${folder}/${name}`);
const matches = (text: string, pattern: RegExp) => [
  ...new Set([...text.matchAll(pattern)].map(([, one]) => one!)),
];
/** As GitHub names a heading. */
const anchors = (text: string) =>
  matches(text, /^#+ (.*)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

const documents = ['docs/operations.md', 'deploy/README.md'].map((path) => ({ path, text: read(path) }));
const operations = documents[0]!.text;

describe.each(documents)('$path', ({ path, text }) => {
  it('links to what is there', () => {
    const links = matches(text, /\]\((?!https?:)([^)]+)\)/g);
    expect(links.length).toBeGreaterThan(5);
    const broken = links.filter((link) => {
      const [file, anchor] = link.split('#');
      const target = file ? join(dirname(path), file) : path;
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchors(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names variables that there are', () => {
    const known = Object.keys(new Variables());
    const named = matches(text, /\b((?:POSTERN_[A-Z_]+|DATABASE_[A-Z_]+|REDIS_URL(?:_FILE)?))\b/g).filter(
      // The compose file's own.
      (name) => name !== 'POSTERN_HOST',
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !known.includes(name.replace(/_FILE$/, '')))).toEqual([]);
  });

  it('names commands that there are', () => {
    const names = under('apps/cli', '.ts').flatMap((file) => matches(read(file), /^\s+name: '([\w-]+)/gm));
    const asked = matches(text, /(?:`|^)postern ([a-z][a-z-]*(?: [a-z][a-z-]*)?)/gm);
    expect(asked.length + names.length).toBeGreaterThan(5);
    expect(asked.flatMap((command) => command.split(' ')).filter((word) => !names.includes(word))).toEqual(
      [],
    );
  });
});

describe('what it takes to distribute the database', () => {
  it('is said of every table', () => {
    const made = under('libs/database/migrations', '.ts').flatMap((file) =>
      matches(read(file), /CREATE (?:UNLOGGED )?TABLE ([a-z_]+) \(/g),
    );
    expect(made.length).toBeGreaterThan(15);
    expect(made.filter((table) => !operations.includes(`\`${table}\``))).toEqual([]);
  });
});
