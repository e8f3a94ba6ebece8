import 'reflect-metadata';
import { Configuration, ConfigurationError } from '#configuration';
import { DataFolderInUseError } from '#database';
import { startServer } from './server.js';

/** SIGTERM and SIGINT end the process with 0 within this, whatever hangs. */
const SHUTDOWN_MS = 10_000;

try {
  const server = await startServer(Configuration.from(process.env));
  process.stdout.write(`Postern is ready on ${server.url} (API docs: ${server.url}/docs)\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(0), SHUTDOWN_MS - 500).unref();
      void server.close().then(() => process.exit(0));
    });
  }
} catch (error) {
  const known = error instanceof ConfigurationError || error instanceof DataFolderInUseError;
  process.stderr.write(`${known ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exit(1);
}
