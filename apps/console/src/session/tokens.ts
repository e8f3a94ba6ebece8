import { refresh, SignInError, type Tokens } from './sign-in';

let tokens: Tokens | undefined;
let refreshing: Promise<void> | undefined;
const listeners = new Set<() => void>();

/** What React subscribes to (`useSyncExternalStore`). */
export const tokenStore = {
  get: () => tokens,
  set: (next: Tokens | undefined) => {
    tokens = next;
    for (const listener of listeners) listener();
  },
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

/** An access token that is good for another call; undefined where the person has to sign in again. */
export async function accessToken(): Promise<string | undefined> {
  if (tokens && Date.now() < tokens.renewAt) return tokens.accessToken;
  return renewed(tokens?.accessToken);
}

/**
 * A token other than the one that is spent; one refresh for all who ask at once. A server that does not
 * answer is no reason to sign in again.
 * @throws Unreachable
 */
export async function renewed(spent: string | undefined): Promise<string | undefined> {
  // Whoever was slower to be refused finds that it has been done.
  if (tokens && tokens.accessToken !== spent) return tokens.accessToken;
  refreshing ??= refreshOnce().finally(() => (refreshing = undefined));
  await refreshing;
  return tokens?.accessToken;
}

async function refreshOnce(): Promise<void> {
  const before = tokens;
  let next: Tokens | undefined;
  try {
    next = before?.refreshToken === undefined ? undefined : await refresh(before.refreshToken);
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
  }
  // Signed out meanwhile: nothing brings the person back.
  if (tokens === before) tokenStore.set(next);
}
