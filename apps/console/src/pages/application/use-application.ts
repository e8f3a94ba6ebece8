import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import type { components } from '../../api/schema';
import { useScopeCatalogue } from '../../api/scope-catalogue';
import { useSession } from '../../session/session';
import { mayGive } from '../../ui/scope-groups';

export type Client = components['schemas']['ClientDto'];

/** An application as it was read, with what names this version of it. */
export interface Application {
  client: Client;
  etag: string | undefined;
}

export const applicationKey = (clientId: string) => ['clients', 'one', clientId] as const;

/** Of an answer that holds a client. */
export function applicationOf({ data, response }: { data?: Client; response: Response }): Application {
  return { client: data as Client, etag: response.headers.get('etag') ?? undefined };
}

export async function readApplication(clientId: string): Promise<Application> {
  const params = { path: { client_id: clientId } };
  return applicationOf(await api.GET('/api/v1/clients/{client_id}', { params }));
}

/**
 * One application. To an owner with a vault, each reading shows the latest code and token in full and
 * is on record: it is read no oftener than something asks for it, and forgotten with the page.
 */
export function useApplication(clientId: string) {
  const { account } = useSession();
  return useQuery({
    queryKey: applicationKey(clientId),
    queryFn: () => readApplication(clientId),
    gcTime: 0,
    ...(account.vault && { staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false }),
  });
}

/** What the person who is signed in may do with an application. */
export interface Rights {
  /** Change, delete, rotate: what `clients:write` is for. */
  manage: boolean;
  /** Hand out tokens. */
  handOut: boolean;
  /** Revoke tokens, which asks for no more than `tokens:write`. */
  revoke: boolean;
  /** Look at credentials again. */
  reveal: boolean;
  /** Admin scopes of the application that he lacks: they keep him from all but looking and revoking. */
  lacking: readonly string[];
}

/** @returns undefined until it is known which scopes guard the application */
export function useRights(client: Client): Rights | undefined {
  const { account, can } = useSession();
  const catalogue = useScopeCatalogue();
  if (catalogue.isPending && can('clients:write')) return undefined;
  const scopes = catalogue.data?.filter(({ name }) => client.scopes.includes(name)) ?? [];
  const lacking = scopes.filter((scope) => !mayGive(scope, can)).map(({ name }) => name);
  // Who sees other customers' applications does not always change them.
  const inReach = client.customer_id === account.customer_id || can('customers:write');
  const free = inReach && lacking.length === 0;
  return {
    manage: free && can('clients:write'),
    handOut: free && can('tokens:write'),
    revoke: inReach && can('tokens:write'),
    reveal: free && account.vault && can('credentials:reveal'),
    lacking,
  };
}
