import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  use,
  useCallback,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { api, body } from '../api/client';
import { SignedOut } from '../api/problem';
import type { components } from '../api/schema';
import { sayError } from '../ui/act';
import { Entrance } from './entrance';
import { beginSignIn, revoke } from './sign-in';
import { tokenStore } from './tokens';

export type Account = components['schemas']['SignedInPersonDto'];

interface Session {
  account: Account;
  /** Whether the person's token has a scope: what he cannot do is not offered. */
  can(scope: string): boolean;
  /** Whether the sign-in has ended while the page was open. */
  isOver: boolean;
  /** Signs in anew, and comes back to this page. */
  signInAgain(): void;
  signOut(): Promise<void>;
  /** Ends every session and every token of the console, here and elsewhere. @throws Problem */
  signOutEverywhere(): Promise<void>;
}

const SessionContext = createContext<Session | undefined>(undefined);

/** Who is signed in. Within `SessionProvider` somebody always is, or was until now. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('There is no session here.');
  return session;
}

/** A role that has been changed meanwhile is learned of when the window is looked at again. */
const ROLE_STALE_MS = 60_000;

/** Signs in anew, and comes back to this page. */
function signInAgain(): void {
  beginSignIn(currentPath()).catch(sayError);
}

/** Where the person is now, as the path to return to. */
export function currentPath(): string {
  return location.pathname + location.search + location.hash;
}

/** Knows who signed in, once the server has said so. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const tokens = useSyncExternalStore(tokenStore.subscribe, tokenStore.get);
  const client = useQueryClient();
  const [leaving, setLeaving] = useState(false);
  const account = useQuery({
    queryKey: ['account'],
    queryFn: () => body(api.GET('/api/v1/account')),
    staleTime: ROLE_STALE_MS,
  });
  const leave = useCallback(async () => {
    setLeaving(true);
    const refreshToken = tokenStore.get()?.refreshToken;
    if (refreshToken !== undefined) await revoke(refreshToken).catch(() => undefined);
    tokenStore.set(undefined);
    client.clear();
    location.replace('/console/');
  }, [client]);
  const session = useMemo<Session | undefined>(
    () =>
      account.data && {
        account: account.data,
        can: (scope) => account.data.scopes.includes(scope),
        isOver: tokens === undefined,
        signInAgain,
        signOutEverywhere: async () => {
          await api.DELETE('/api/v1/account/sessions');
          tokenStore.set(undefined);
          await leave();
        },
        signOut: async () => {
          try {
            await api.DELETE('/api/v1/account/sessions/current');
          } catch (error) {
            if (!(error instanceof SignedOut)) return sayError(error);
          }
          await leave();
        },
      },
    [account.data, tokens, leave],
  );
  // Nothing of what was on the page stays on it.
  if (leaving) return null;
  if (!session && !tokens) return <Entrance error={account.error} retry={signInAgain} action="Sign in" />;
  if (!session) return <Entrance error={account.error} retry={() => void account.refetch()} />;
  return <SessionContext value={session}>{children}</SessionContext>;
}
