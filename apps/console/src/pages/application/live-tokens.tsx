import { useQuery } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import { useSession } from '../../session/session';
import { plural } from '../../ui/time-text';

/** How many tokens a deed will end, as a sentence. */
export function LiveTokens({ clientId }: { clientId: string }) {
  const { can } = useSession();
  const { data } = useQuery({
    queryKey: ['tokens', 'live', clientId],
    queryFn: () =>
      body(
        api.GET('/api/v1/clients/{client_id}/tokens', {
          params: { path: { client_id: clientId }, query: { status: 'active', count: true, limit: 1 } },
        }),
      ),
    enabled: can('tokens:read'),
    staleTime: 0,
  });
  if (data?.total === undefined) return null;
  if (data.total === 0) return <b>No access token of it is live now.</b>;
  return (
    <b>
      {plural(data.total, 'live access token')} {data.total === 1 ? 'stops' : 'stop'} working at once.
    </b>
  );
}
