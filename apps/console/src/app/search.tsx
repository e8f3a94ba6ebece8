import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { IconApps, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api, body } from '../api/client';
import { useSession } from '../session/session';
import { NAVIGATION } from './pages';

const FOUND = 8;

/** Ctrl K: pages, and applications by name or client id. */
export function Search() {
  const { can } = useSession();
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const [search] = useDebouncedValue(query.trim(), 150);
  const found = useQuery({
    queryKey: ['clients', 'search', search],
    queryFn: () => body(api.GET('/api/v1/clients', { params: { query: { search, limit: FOUND } } })),
    enabled: search !== '' && can('clients:read'),
    placeholderData: keepPreviousData,
  });
  const pages: SpotlightActionData[] = NAVIGATION.filter(
    ({ scopes, label, description }) =>
      scopes.some(can) && `${label} ${description}`.toLowerCase().includes(query.trim().toLowerCase()),
  ).map(({ path, label, description, icon: Icon }) => ({
    id: path,
    label,
    description,
    leftSection: <Icon size={20} stroke={1.6} aria-hidden />,
    onClick: () => void navigate(path),
  }));
  const applications: SpotlightActionData[] = (search === '' ? [] : (found.data?.items ?? [])).map(
    ({ client_id, name }) => ({
      id: `client:${client_id}`,
      label: name,
      description: client_id,
      leftSection: <IconApps size={20} stroke={1.6} aria-hidden />,
      onClick: () => void navigate(`/applications/${encodeURIComponent(client_id)}`),
    }),
  );
  return (
    <Spotlight
      actions={[
        { group: 'Pages', actions: pages },
        { group: 'API applications', actions: applications },
      ]}
      query={query}
      onQueryChange={setQuery}
      // The server has found them, by more than their names.
      filter={(_, actions) => actions}
      nothingFound="Nothing is called that."
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: 'Pages, applications …',
        'aria-label': 'Search',
      }}
      scrollable
    />
  );
}
