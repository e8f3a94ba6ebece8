import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api } from '../../api/client';
import { ask, say, sayError } from '../../ui/act';
import { plural } from '../../ui/time-text';
import type { Application } from './application-list';
import { pathOf } from './columns';

/** What can be done to an application from the list. */
export function RowActions({ application }: { application: Application }) {
  const { client_id, name } = application;
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/v1/clients/{client_id}', { params: { path: { client_id } } }),
    onSuccess: () => say(`${name} is deleted.`),
    onError: sayError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['clients'] }),
  });
  return (
    <Group gap={2} wrap="nowrap" justify="flex-end">
      <Tooltip label="Edit">
        <ActionIcon
          component={Link}
          to={pathOf(application)}
          variant="subtle"
          color="gray"
          aria-label={`Edit ${name}`}
        >
          <IconPencil size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Delete">
        <ActionIcon
          variant="subtle"
          color="red"
          aria-label={`Delete ${name}`}
          loading={remove.isPending}
          onClick={() =>
            ask({
              title: `Delete ${name}?`,
              children: whatEnds(application),
              action: 'Delete application',
              onConfirm: () => remove.mutate(),
            })
          }
        >
          <IconTrash size={16} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

function whatEnds({ client_id, live_tokens }: Application) {
  const tokens = live_tokens === undefined ? 'All its tokens' : `Its ${tokensText(live_tokens)}`;
  return (
    <>
      {tokens}, its secrets, refresh tokens and codes end at once and for good, even if the client id{' '}
      <span className="mono">{client_id}</span> is used again. Whatever calls with them is refused. This
      cannot be undone.
    </>
  );
}

function tokensText(count: number): string {
  return count >= 1000 ? '1,000 or more active tokens' : plural(count, 'active token');
}
