import { isUnreachable, messageOf, Problem } from '../../api/problem';
import { revokeToken, type Token } from './tokens';

/** How many are revoked at a time: the server has others to answer. */
const AT_ONCE = 4;

export interface Failure {
  token: Token;
  reason: string;
}

export interface RevocationProgress {
  revoked: ReadonlySet<string>;
  failures: readonly Failure[];
}

export const NOTHING_YET: RevocationProgress = { revoked: new Set(), failures: [] };

/**
 * Revokes tokens, a few at a time. What the server refuses is noted, and the next one follows.
 * @param signal ends it; what has begun is finished
 * @throws where going on is no use: nobody is signed in any more, or the server does not answer
 */
export async function revokeEach(
  tokens: Iterable<Token> | AsyncIterable<Token>,
  signal: AbortSignal,
  onProgress: (progress: RevocationProgress) => void,
): Promise<void> {
  const revoked = new Set<string>();
  const failures: Failure[] = [];
  const source = each(tokens);
  const broken = new AbortController();
  const ended = AbortSignal.any([signal, broken.signal]);
  const work = async () => {
    while (!ended.aborted) {
      const { value: token, done } = await source.next();
      if (done || ended.aborted) return;
      try {
        await revokeToken(token.id);
        revoked.add(token.id);
      } catch (error) {
        if (!(error instanceof Problem) || isUnreachable(error)) throw error;
        failures.push({ token, reason: messageOf(error) });
      }
      onProgress({ revoked: new Set(revoked), failures: [...failures] });
    }
  };
  const workers = Array.from({ length: AT_ONCE }, () =>
    work().catch((error: unknown) => {
      broken.abort(error);
    }),
  );
  await Promise.all(workers);
  await source.return(undefined);
  if (broken.signal.aborted) throw broken.signal.reason;
}

/** Hands out one after another to whoever asks. */
async function* each(tokens: Iterable<Token> | AsyncIterable<Token>): AsyncGenerator<Token, undefined> {
  yield* tokens;
  return undefined;
}
