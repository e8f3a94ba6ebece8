import { Stack, Title } from '@mantine/core';
import { IconKeyOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { CopyableText } from '../../../ui/copyable';
import { DataTable, type DataColumn } from '../../../ui/data-table';
import { EmptyState } from '../../../ui/states';
import type { Client } from '../use-application';
import { keyAlg, keyKind, type Jwk, type Jwks } from './jwks';
import { thumbprint } from './thumbprint';

interface ListedKey extends Jwk {
  thumbprint: string;
}

/** The public keys that it proves itself by. They are changed among its settings. */
export function PublicKeys({ jwks }: Pick<Client, 'jwks'>) {
  const { keys } = (jwks ?? { keys: [] }) as unknown as Jwks;
  const { data } = useQuery({
    queryKey: ['thumbprints', keys],
    queryFn: () =>
      Promise.all(
        keys.map(async (key): Promise<ListedKey> => ({ ...key, thumbprint: await thumbprint(key) })),
      ),
    staleTime: Infinity,
  });
  return (
    <Stack gap="xs">
      <Title order={2} size="h5">
        Public keys
      </Title>
      <DataTable
        label="Public keys"
        columns={COLUMNS}
        rows={data}
        keyOf={(key) => key.thumbprint}
        empty={
          <EmptyState icon={IconKeyOff} title="It has no keys">
            It cannot authenticate until it is given one, among its settings.
          </EmptyState>
        }
      />
    </Stack>
  );
}

const COLUMNS: DataColumn<ListedKey>[] = [
  {
    id: 'kid',
    header: 'Key id',
    cell: ({ kid }) => (kid === undefined ? '–' : <CopyableText value={kid} what="key id" />),
  },
  { id: 'kind', header: 'Kind', cell: keyKind },
  { id: 'alg', header: 'Algorithm', cell: keyAlg },
  {
    id: 'thumbprint',
    header: 'Thumbprint',
    cell: (key) => <CopyableText value={key.thumbprint} what="thumbprint" />,
  },
];
