import type { ErrorForm } from '#http-api';
import { OAUTH_ERRORS } from '#oauth-protocol';

/** RFC 6749 §5.2: the errors of everything under a path, such as `/oauth2/`. */
export const oauthErrorFormAt = (prefix: string): ErrorForm => ({
  prefix,
  render: (problem) => ({
    // A body of another media type is an invalid request here, not a 415.
    status: problem.status === 415 ? 400 : problem.status,
    headers: {
      ...problem.headers,
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      pragma: 'no-cache',
    },
    body: {
      error: Object.hasOwn(OAUTH_ERRORS, problem.code) ? problem.code : 'invalid_request',
      error_description: describable(problem.detail),
    },
  }),
});

/** RFC 6749 §5.2: `error_description` is of `%x20-21 / %x23-5B / %x5D-7E`. */
function describable(detail: string): string {
  return detail.replaceAll('’', "'").replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?');
}
