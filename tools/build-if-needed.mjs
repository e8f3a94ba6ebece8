// `npm start` on a fresh clone builds first, and so do the tests; afterwards only what has a source newer than its
// build is built. Parts may be named: `server`, `console`.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const PARTS = [
  {
    part: 'server',
    name: 'Postern',
    script: 'build:server',
    built: 'dist/apps/server/main.js',
    sources: [
      'apps/server',
      'apps/cli',
      'libs',
      'test',
      'ormconfig.ts',
      'tsconfig.json',
      'nest-cli.json',
      'package.json',
    ],
  },
  {
    part: 'console',
    name: 'its console',
    script: 'build:console',
    built: 'dist-console/index.html',
    sources: ['apps/console', 'package.json'],
  },
];

const named = process.argv.slice(2);
for (const { part, name, script, built, sources } of PARTS) {
  if (named.length > 0 && !named.includes(part)) continue;
  const from = modified(join(root, built));
  if (Math.max(...sources.map((source) => newest(join(root, source)))) <= from) continue;
  process.stderr.write(`Building ${name} (once; a quarter of a minute) …\n`);
  const { status } = spawnSync('npm', ['run', '--silent', script], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** A folder is as new as the last thing that was added to it or taken away. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
