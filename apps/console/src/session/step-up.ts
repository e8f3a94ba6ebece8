/** Whether somebody is asked for his second factor now, and what waits for it. */
interface Asked {
  shown: Promise<boolean>;
  settle(shown: boolean): void;
}

let asked: Asked | undefined;
const listeners = new Set<() => void>();

function set(next: Asked | undefined): void {
  asked = next;
  for (const listener of listeners) listener();
}

/** What React subscribes to (`useSyncExternalStore`). */
export const stepUpStore = {
  isAsked: () => asked !== undefined,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

/**
 * RFC 9470 §3: the token is good, but the person has not shown his second factor lately. It says nothing
 * against his sign-in, and no other token would be better.
 */
export function wantsSecondFactor({ status, headers }: Response): boolean {
  const challenge = headers.get('www-authenticate') ?? '';
  return status === 401 && challenge.includes('insufficient_user_authentication');
}

/** Asks the person for his second factor; one window for all who ask at once. @returns false where he would not */
export function secondFactorShown(): Promise<boolean> {
  if (!asked) {
    let settle!: Asked['settle'];
    const shown = new Promise<boolean>((resolve) => (settle = resolve));
    set({ shown, settle });
  }
  return asked!.shown;
}

/** What waits goes on, or is refused. */
export function settleStepUp(shown: boolean): void {
  asked?.settle(shown);
  set(undefined);
}
