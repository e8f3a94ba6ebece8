// What a browser loads before it shows a page of the console (issue 7): fails where that is too much.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const BUDGET = 350_000;

const folder = join(import.meta.dirname, '../dist-console');
const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8'));
const files = new Set();
load(Object.values(manifest).find(({ isEntry }) => isEntry));

const size = [...files, 'index.html'].reduce((sum, file) => sum + compressed(file), 0);
const inWords = `The console’s first load is ${kilobytes(size)} of ${kilobytes(BUDGET)} (gzip, ${files.size} files).`;
if (size > BUDGET) {
  process.stderr.write(`${inWords} Load what is heavy with the page that needs it.\n`);
  process.exit(1);
}
process.stdout.write(`${inWords}\n`);

/** A chunk, its styles, and what it imports statically. */
function load({ file, css = [], imports = [] }) {
  if (files.has(file)) return;
  for (const one of [file, ...css]) files.add(one);
  for (const name of imports) load(manifest[name]);
}

function compressed(file) {
  return gzipSync(readFileSync(join(folder, file))).length;
}

function kilobytes(bytes) {
  return `${Math.round(bytes / 1000)} kB`;
}
