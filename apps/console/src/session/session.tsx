import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, use, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import { api, body } from '../api/client';
import type { components } from '../api/schema';
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
}

const SessionContext = createContext<Session | undefined>(undefined);

/** Who is signed in. Within `SessionProvider` somebody always is, or was until now. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('There is no session here.');
  return session;
}

/** Where the person is now, as the path to return to. */
export function currentPath(): string {
  return location.pathname + location.search + location.hash;
}

/** Knows who signed in, once the server has said so. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const tokens = useSyncExternalStore(tokenStore.subscribe, tokenStore.get);
  const client = useQueryClient();
  const account = useQuery({
    queryKey: ['account'],
    queryFn: () => body(api.GET('/api/v1/account')),
    staleTime: Infinity,
  });
  const session = useMemo<Session | undefined>(
    () =>
      account.data && {
        account: account.data,
        can: (scope) => account.data.scopes.includes(scope),
        isOver: tokens === undefined,
        signInAgain: () => void beginSignIn(currentPath()),
        signOut: async () => {
          await api.DELETE('/api/v1/account/sessions/current').catch(() => undefined);
          const refreshToken = tokenStore.get()?.refreshToken;
          if (refreshToken !== undefined) await revoke(refreshToken).catch(() => undefined);
          tokenStore.set(undefined);
          client.clear();
          location.assign('/console/');
        },
      },
    [account.data, tokens, client],
  );
  if (!session) return <Entrance error={account.error} retry={() => void account.refetch()} />;
  return <SessionContext value={session}>{children}</SessionContext>;
}
