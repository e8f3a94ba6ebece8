// `npm start` on a fresh clone builds first; afterwards it builds only when a source is newer than the build.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const built = modified(join(root, 'dist/apps/server/main.js'));
const sources = ['apps', 'libs', 'ormconfig.ts', 'tsconfig.json', 'nest-cli.json', 'package.json'];

if (Math.max(...sources.map((source) => newest(join(root, source)))) > built) {
  process.stderr.write('Building Postern (once; about half a minute) …\n');
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  process.exit(status ?? 1);
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
