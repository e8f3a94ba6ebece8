import { refresh, SignInError, type Tokens } from './sign-in';

/** A token that ends within this is not used for another call, in milliseconds. */
const MARGIN_MS = 20_000;

let tokens: Tokens | undefined;
let refreshing: Promise<Tokens> | undefined;
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
  if (tokens && tokens.expiresAt - Date.now() > MARGIN_MS) return tokens.accessToken;
  return renewed();
}

/** A new one, for all who ask at once. A server that does not answer is no reason to sign in again. */
export async function renewed(): Promise<string | undefined> {
  const refreshToken = tokens?.refreshToken;
  if (refreshToken === undefined) return undefined;
  try {
    refreshing ??= refresh(refreshToken);
    const next = await refreshing;
    if (tokens?.refreshToken === refreshToken) tokenStore.set(next);
    return next.accessToken;
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    tokenStore.set(undefined);
    return undefined;
  } finally {
    refreshing = undefined;
  }
}
