import { HttpException } from '@nestjs/common';
import { DatabaseBusyError, isDatabaseUnavailable } from '#database';
import { OAuthError } from '#oauth-protocol';
import { Problem } from './problem.js';

const CODES: Record<number, string> = {
  400: 'invalid_request',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  408: 'request_timeout',
  413: 'payload_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
  503: 'temporarily_unavailable',
};

/** PostgreSQL's data exceptions (class 22): a value that its column cannot hold. */
const DATA_EXCEPTION = /^22/;

/** Fastify's own words repeat the path, and a page of ours would show what somebody wrote into it. */
const BAD_PATH = 'The path is not valid percent-encoded UTF-8.';

/** Whatever was thrown, as what the caller may know of it. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof OAuthError) {
    return new Problem(error.status, error.code, error.description, { cause: error, headers: error.headers });
  }
  if (isBrokenOff(error)) {
    return new Problem(400, 'invalid_request', 'The request broke off.', { cause: error });
  }
  if (error instanceof DatabaseBusyError) return Problem.busy();
  if (isDatabaseUnavailable(error)) return Problem.unavailable(error);
  const { code, statusCode, message } = (error ?? {}) as {
    code?: string;
    statusCode?: number;
    message?: string;
  };
  const status = error instanceof HttpException ? error.getStatus() : statusCode;
  if (status !== undefined && status >= 400 && status < 500) {
    const detail = code === 'FST_ERR_BAD_URL' ? BAD_PATH : messageFor(status, message);
    return new Problem(status, CODES[status] ?? 'invalid_request', detail, { cause: error });
  }
  if (code !== undefined && DATA_EXCEPTION.test(code)) {
    return new Problem(400, 'invalid_request', 'A value is not of the shape that its field takes.', {
      cause: error,
    });
  }
  return new Problem(500, 'server_error', 'Something went wrong here; the request id names it in the log.', {
    cause: error,
  });
}

/** Node's error for a caller who went away within his body: the code of a lost connection, but none of ours. */
function isBrokenOff(error: unknown): boolean {
  const { code, message, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'ECONNRESET' && message === 'aborted' && syscall === undefined;
}

function messageFor(status: number, message = ''): string {
  if (status === 404) return 'There is nothing at this path.';
  return message;
}
