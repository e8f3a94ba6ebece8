import 'reflect-metadata';
import { Configuration } from '#configuration';
import { startServer, type RunningServer } from './server.js';
import { startMessage } from './start-error.js';

/** SIGTERM and SIGINT end the process within this, in milliseconds, whatever hangs. */
const SHUTDOWN_MS = 9_000;

let server: RunningServer | undefined;
let stopping = false;

/**
 * Nobody knows what an error that nobody caught has left half-done: whoever runs this starts it anew. By its stack
 * alone: Node.js would print all that hangs on it, e.g. a statement's parameters.
 */
process.on('uncaughtException', (error: unknown) =>
  fail(`Postern ends, by an error that nobody caught: ${(error as Error)?.stack ?? String(error)}`),
);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));

try {
  server = await startServer(Configuration.from(process.env));
  void server.failure.then((error) => fail(`The database has ended, and Postern with it: ${error.message}`));
  process.stdout.write(
    `Postern is ready on ${server.publicUrl} (console: ${server.publicUrl}/console, API docs: ${server.publicUrl}/docs)\n`,
  );
} catch (error) {
  fail(startMessage(error));
}

/**
 * Once: npm passes on a signal that the terminal has sent already. Who sends SIGTERM has a balancer, or may have one;
 * who sends SIGINT sits there and waits.
 */
async function stop(signal: NodeJS.Signals): Promise<void> {
  if (stopping) return;
  stopping = true;
  // A start that is cut off leaves nothing that the next one does not finish.
  if (!server) process.exit(0);
  setTimeout(() => process.exit(0), SHUTDOWN_MS);
  try {
    await server.close({ grace: signal === 'SIGTERM' });
  } catch (error) {
    fail(startMessage(error));
  }
  process.exit(0);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
