import { ConfigurationError } from '#configuration';
import { DataFolderError, isDatabaseUnavailable, MoveError, SchemaError } from '#database';
import { Problem, type FieldError } from '#http-api';
import { SealError } from '#sealing';
import { SigningKeyError } from '#tokens';
import { EXIT, type ExitCode } from './exit-code.js';

/** Why a command ends without having done what it was asked, in words for whoever called it. Never holds a secret. */
export class CommandFailure extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.failed,
    /** More for scripts, beside the words. */
    readonly details: object = {},
  ) {
    super(message);
  }

  /** Of the command line. */
  static usage(message: string): CommandFailure {
    return new CommandFailure(message, EXIT.usage);
  }
}

/** Whatever was thrown, as a failure: a sentence where the reason is known, else with the stack, as it is a defect. */
export function failureOf(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  if (error instanceof Problem) return ofProblem(error);
  if (error instanceof ConfigurationError) return CommandFailure.usage(error.message);
  if (error instanceof DataFolderError || error instanceof SchemaError)
    return new CommandFailure(error.message, EXIT.unreachable);
  if (isDatabaseUnavailable(error))
    return new CommandFailure(`The database does not answer: ${reasonOf(error)}.`, EXIT.unreachable);
  if (error instanceof MoveError || error instanceof SealError || error instanceof SigningKeyError)
    return new CommandFailure(error.message);
  if (isOfTheSystem(error)) return new CommandFailure(`${error.message}.`);
  return new CommandFailure((error as Error)?.stack ?? String(error));
}

/** What the API would answer, by the names of its fields. */
function ofProblem({ status, code, detail, errors }: Problem): CommandFailure {
  const lines = errors?.map(({ field, message }: FieldError) => `  ${field} ${message}`);
  const message = lines && lines.length > 1 ? `It was refused:\n${lines.join('\n')}` : detail;
  return new CommandFailure(message, status === 503 ? EXIT.unreachable : EXIT.failed, { code, errors });
}

/** A file that is not there, a disk that is full and the like. */
function isOfTheSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

/** A host of several addresses fails by each of them. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return (error as Error).message;
}
