import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CommandFailure } from './failure.js';
import { printableLines } from './printable.js';

/** More than any secret or password has. */
const MAX_LENGTH = 4096;

/** What somebody pipes in: all of stdin, without the newline at its end. */
export async function secretFromStdin(what: string): Promise<string> {
  if (process.stdin.isTTY)
    throw CommandFailure.usage(`The ${what} is read from stdin, which is the terminal: pipe it in.`);
  const secret = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (secret === '') throw CommandFailure.usage(`The ${what} is read from stdin, which was empty.`);
  if (secret.length > MAX_LENGTH)
    throw CommandFailure.usage(`What came from stdin is no ${what}: it is too long.`);
  return secret;
}

/** Asks for it twice on the terminal, without an echo. */
export async function secretFromPrompt(what: string, otherwise: string): Promise<string> {
  if (!process.stdin.isTTY)
    throw CommandFailure.usage(`There is no terminal to ask for the ${what}: ${otherwise}.`);
  const secret = await ask(`New ${what}: `);
  if ((await ask(`Once more: `)) !== secret) throw new CommandFailure('The two differ; nothing was changed.');
  return secret;
}

/** @throws CommandFailure where the answer is not yes, or there is nobody to ask */
export async function confirm(question: string, confirmed: boolean): Promise<void> {
  if (confirmed) return;
  if (!process.stdin.isTTY)
    throw CommandFailure.usage(`${question} There is no terminal to ask: --yes says so.`);
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    if (/^y(es)?$/i.test((await reader.question(`${printableLines(question)} [y/N] `)).trim())) return;
  } finally {
    reader.close();
  }
  throw new CommandFailure('Nothing was changed.');
}

async function ask(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  // Ctrl+C, as anywhere else.
  reader.once('SIGINT', () => process.exit(130));
  try {
    return await reader.question('');
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}
