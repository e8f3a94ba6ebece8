// `npm start` on a fresh clone builds first; afterwards it builds only what has a source newer than its build.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const PARTS = [
  {
    name: 'Postern',
    script: 'build:server',
    built: 'dist/apps/server/main.js',
    sources: ['apps/server', 'libs', 'ormconfig.ts', 'tsconfig.json', 'nest-cli.json', 'package.json'],
  },
  {
    name: 'its console',
    script: 'build:console',
    built: 'dist-console/index.html',
    sources: ['apps/console', 'package.json'],
  },
];

for (const { name, script, built, sources } of PARTS) {
  const from = modified(join(root, built));
  if (Math.max(...sources.map((source) => newest(join(root, source)))) <= from) continue;
  process.stderr.write(`Building ${name} (once; a quarter of a minute) …\n`);
  const { status } = spawnSync('npm', ['run', '--silent', script], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
