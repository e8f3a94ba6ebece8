#!/usr/bin/env node
// `npx postern …` from the checkout: builds once, where nothing has been built, and runs the command line.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const program = join(root, 'dist/apps/cli/main.js');

if (!existsSync(program)) {
  process.stderr.write('Building Postern (once; a quarter of a minute) …\n');
  const { status } = spawnSync('npm', ['run', '--silent', 'build:server'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
}
process.setSourceMapsEnabled(true);
await import(program);
