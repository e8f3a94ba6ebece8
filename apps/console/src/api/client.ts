import createClient, { type Middleware } from 'openapi-fetch';
import { secondFactorShown, wantsSecondFactor } from '../session/step-up';
import { accessToken, renewed } from '../session/tokens';
import { Problem, reached, SignedOut } from './problem';
import type { paths } from './schema';

/** The server's API as its OpenAPI document describes it, called as the person who is signed in. */
export const api = createClient<paths, 'application/json'>({ fetch: authorizedFetch });

/** A refused answer is thrown as what it is. */
const problems: Middleware = {
  async onResponse({ response }) {
    if (!response.ok && response.status !== 304) throw await problemOf(response);
  },
};
api.use(problems);

/**
 * For what the typed client does not do: streams and downloads. What needs a second factor asks for it,
 * and is sent once more. @throws Problem, SignedOut, Unreachable
 */
export async function authorizedFetch(input: Request): Promise<Response> {
  const again = input.clone();
  const response = await fetchWithToken(input);
  if (!wantsSecondFactor(response) || !(await secondFactorShown())) return response;
  return fetchWithToken(again);
}

async function fetchWithToken(input: Request): Promise<Response> {
  const again = input.clone();
  const token = await accessToken();
  const response = await reached(fetch(withToken(input, token)));
  if (!isTokenRefused(response)) return response;
  // It was revoked before its time: one that is new says whether the person is welcome still.
  return reached(fetch(withToken(again, await renewed(token))));
}

/** RFC 6750 §3.1. A 401 of any other reason is the answer, and is not asked for twice. */
function isTokenRefused({ status, headers }: Response): boolean {
  return status === 401 && (headers.get('www-authenticate') ?? '').includes('invalid_token');
}

function withToken(request: Request, token: string | undefined): Request {
  if (token === undefined) throw new SignedOut();
  request.headers.set('authorization', `Bearer ${token}`);
  return request;
}

export async function problemOf(response: Response): Promise<Problem> {
  return Problem.of(response.status, await response.json().catch(() => undefined));
}

/** The body of an answer: middleware has thrown every other. */
export async function body<Data>(answer: Promise<{ data?: Data }>): Promise<Data> {
  return (await answer).data as Data;
}
