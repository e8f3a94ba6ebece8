import { ConfigurationError } from '#configuration';
import { DataFolderError, isDatabaseUnavailable, SchemaError } from '#database';
import { SealError } from '#sealing';
import { SigningKeyError } from '#tokens';

/** Why the server does not start, in words for whoever runs it. Never holds a secret. */
export class StartError extends Error {}

/** Names the database's part in a failed start by its variable, and never the URL, as that holds a password. */
export function databaseStartError(error: unknown): unknown {
  if (!isDatabaseUnavailable(error)) return error;
  return new StartError(`The database at DATABASE_URL does not answer: ${reasonOf(error)}.`, {
    cause: error,
  });
}

/** @param error of `listen`, e.g. a port that is taken or a host that is not this machine's */
export function listenStartError(error: unknown, host: string, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const reason = code === 'EADDRINUSE' ? 'another process listens there' : reasonOf(error);
  return new StartError(`Postern cannot listen on HOST ${host}, PORT ${port}: ${reason}.`, { cause: error });
}

/** What a failed start says: a sentence where the reason is known, else the stack. */
export function startMessage(error: unknown): string {
  const known = [
    StartError,
    ConfigurationError,
    DataFolderError,
    SchemaError,
    SealError,
    SigningKeyError,
  ].some((type) => error instanceof type);
  return known ? (error as Error).message : ((error as Error).stack ?? String(error));
}

/** A host of several addresses fails by each of them. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return (error as Error).message;
}
