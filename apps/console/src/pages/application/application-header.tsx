import { Button, Group, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useSession } from '../../session/session';
import { StatusBadge } from '../../ui/badges';
import { CopyableText } from '../../ui/copyable';
import { PageHeader } from '../../ui/page-header';
import { TimeText } from '../../ui/time-text';
import { DeleteWindow } from './delete-window';
import type { Application, Client, Rights } from './use-application';

export function ApplicationHeader({ application, rights }: { application: Application; rights: Rights }) {
  const { client } = application;
  const { account } = useSession();
  const [deleting, setDeleting] = useState(false);
  return (
    <>
      <PageHeader
        documentTitle={client.name}
        title={
          <Group component="span" gap="sm">
            <span style={{ overflowWrap: 'anywhere' }}>{client.name}</span>
            <StatusBadge status={standingOf(client)} />
          </Group>
        }
        description={
          <Group gap="xs" wrap="wrap">
            <CopyableText value={client.client_id} what="client id" />
            {client.customer_id !== account.customer_id && <Text inherit>customer {client.customer_id}</Text>}
            <Text inherit>
              created <TimeText at={client.created_at} /> · last used{' '}
              <TimeText at={client.last_used_at} never="never" />
            </Text>
          </Group>
        }
        actions={
          rights.manage && (
            <Button
              variant="default"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => setDeleting(true)}
            >
              Delete
            </Button>
          )
        }
      />
      {deleting && <DeleteWindow application={application} onClose={() => setDeleting(false)} />}
    </>
  );
}

/** Whether it may act now, in a word. */
function standingOf({ active, valid_from, valid_until }: Client): string {
  if (!active) return 'inactive';
  const now = Date.now();
  if (valid_from && Date.parse(valid_from) > now) return 'not valid yet';
  if (valid_until && Date.parse(valid_until) <= now) return 'expired';
  return 'active';
}
