import { rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { benchOptions } from './options.js';
import { readShares, type Share } from './profile.js';
import { isReached, type BenchRow, type Result } from './row.js';
import { dpop } from './rows/dpop.row.js';
import { exporting } from './rows/export.row.js';
import { footprint } from './rows/footprint.row.js';
import { importing } from './rows/import.row.js';
import { pages } from './rows/pages.row.js';
import { pruning } from './rows/pruning.row.js';
import { read } from './rows/read.row.js';
import { introspection, jwt, token } from './rows/token.row.js';
import { wrongSecrets } from './rows/wrong-secrets.row.js';
import { World } from './world.js';

/** Every line of the goals, in their order. */
const ROWS: BenchRow[] = [
  token,
  jwt,
  introspection,
  read,
  dpop,
  pages,
  importing,
  exporting,
  wrongSecrets,
  footprint,
  pruning,
];
const RESULTS = 'bench-results.json';
const PROFILES = 'bench-profiles';

const options = benchOptions(process.argv.slice(2));
const unknown = options.only?.filter((name) => !ROWS.some((row) => row.name === name)) ?? [];
if (unknown.length > 0)
  throw new Error(
    `--only takes ${ROWS.map(({ name }) => name).join(', ')}; there is no ${unknown.join(', ')}.`,
  );

const results: Result[] = [];
print('| work | Postern | beside | ratio | goal | |');
print('| --- | ---: | ---: | ---: | ---: | --- |');
for (const row of ROWS) {
  if (options.only && !options.only.includes(row.name)) continue;
  if (!row.engines.includes(options.engine)) continue;
  const profiles = join(PROFILES, row.name);
  if (options.profile) await rm(profiles, { recursive: true, force: true });
  const profiling = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : [];
  const world = await World.make(options, {}, profiling);
  try {
    for (const result of await row.run(world)) {
      results.push(result);
      print(lineOf(result));
    }
    await writeResults();
  } finally {
    await world.close();
  }
  if (options.profile) await printProfile(profiles);
}

async function printProfile(folder: string): Promise<void> {
  const { owners, functions } = await readShares(folder);
  print(`\nWhat the main thread did (${folder}), by whose code ran: ${textOf(owners)}.`);
  print(`By function: ${textOf(functions)}.\n`);
}

function textOf(shares: Share[]): string {
  return shares.map(({ name, share }) => `${name} ${(share * 100).toFixed(1)} %`).join(', ');
}

/** After each row, so that a later one that fails loses nothing. */
async function writeResults(): Promise<void> {
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
  const measured = results.map((result) => ({ ...result, reached: isReached(result) }));
  await writeFile(RESULTS, `${JSON.stringify({ options, machine, results: measured }, null, 2)}\n`);
}

function lineOf(result: Result): string {
  const { work, figure, yardstick, ratio, goal } = result;
  const measured = `| ${work} | ${figure} | ${yardstick} | ${ratio.toFixed(2)} |`;
  if (!goal) return `${measured} | |`;
  const wanted = 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
  return `${measured} ${wanted} | ${isReached(result) ? 'reached' : 'not reached'} |`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
