const CONNECTION_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  // This process has no room for one more connection.
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'EADDRNOTAVAIL',
]);

/**
 * PostgreSQL's own words for "not now": 08 connection exceptions, 28 a log-in that it refuses, 3D000
 * a database that is gone, 53 insufficient resources, 57P shutdown and start-up, 57014 and 55P03 a
 * statement or lock that took too long, 25006 a read-only standby, 40 conflicts with another
 * transaction, 58 system errors.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const UNAVAILABLE_SQLSTATE = /^(08...|28...|3D000|53...|57P0[1-5]|57014|25006|58...|55P03|40001|40P01)$/;

const UNAVAILABLE_MESSAGE =
  /connection terminated|timeout expired|timeout exceeded when trying to connect|connection timeout|query read timeout|client has encountered a connection error|not queryable|pool after calling end|driver not connected|query runner already released/i;

/** So much waits for the database that one more is turned away at once. */
export class DatabaseBusyError extends Error {
  constructor() {
    super('Too much waits for the database.');
  }
}

/** Whether an error means that the database cannot answer now, so that trying again later may help. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error) && !isErrorLike(error)) return false;
  if (error instanceof DatabaseBusyError) return true;
  const { code, message, syscall, driverError } = error as Error & {
    code?: string;
    syscall?: string;
    driverError?: unknown;
  };
  if (driverError && isDatabaseUnavailable(driverError)) return true;
  if (error instanceof AggregateError && error.errors.some(isDatabaseUnavailable)) return true;
  if (code === 'ENOENT' && syscall !== 'connect') return false;
  if (code && (CONNECTION_ERRORS.has(code) || UNAVAILABLE_SQLSTATE.test(code))) return true;
  return UNAVAILABLE_MESSAGE.test(message ?? '');
}

function isErrorLike(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'message' in error;
}

/** Whether an error is PostgreSQL's refusal of a duplicate (23505) in the named constraint. */
export function violatesUnique(error: unknown, constraint: string): boolean {
  const { code, constraint: violated } = databaseError(error);
  return code === '23505' && violated === constraint;
}

/** Whether an error is PostgreSQL's refusal of a reference to what is not there, or of removing what is referred to (23503). */
export function violatesForeignKey(error: unknown): boolean {
  return databaseError(error).code === '23503';
}

/** Whether a statement gave up its wait for a lock (55P03, `lock_timeout`), or was ended to resolve a deadlock (40P01). */
export function isWaitForLockOver(error: unknown): boolean {
  const { code } = databaseError(error);
  return code === '55P03' || code === '40P01';
}

/** pg's own error, out of TypeORM's wrapping. */
function databaseError(error: unknown): { code?: unknown; constraint?: unknown } {
  const { driverError } = (error ?? {}) as { driverError?: unknown };
  return (driverError ?? error ?? {}) as { code?: unknown; constraint?: unknown };
}
