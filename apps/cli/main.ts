import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFactory } from 'nest-commander';
import { CliModule } from './cli.module.js';
import { EXIT } from './program/exit-code.js';
import { failureOf } from './program/failure.js';
import { Output } from './program/output.js';

const PACKAGE = join(import.meta.dirname, '../../../package.json');

// Whoever reads the output may go away before its end, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});

let exitCode: number = EXIT.done;
const app = await CommandFactory.createWithoutRunning(CliModule, {
  logger: false,
  cliName: 'postern',
  version: (JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string }).version,
  errorHandler: (error) => {
    throw error;
  },
  serviceErrorHandler: (error) => {
    exitCode = ended(error);
  },
});
await CommandFactory.runApplication(app);
// What is under way on a pipe would be cut off by an exit.
for (const stream of [process.stdout, process.stderr]) await new Promise((done) => stream.write('', done));
process.exit(exitCode);

/** What commander throws it has said already: help that was asked for, or what is wrong with the line. */
function ended(error: Error & { code?: string; exitCode?: number }): number {
  if (error.code?.startsWith('commander.')) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  const failure = failureOf(error);
  app.get(Output).failure(failure);
  return failure.exitCode;
}
