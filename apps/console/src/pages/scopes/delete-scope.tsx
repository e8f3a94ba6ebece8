import { Anchor, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api } from '../../api/client';
import type { Scope } from '../../api/scope-catalogue';
import { useSession } from '../../session/session';
import { say } from '../../ui/act';
import { ConfirmWindow } from '../../ui/confirm-window';

export function DeleteScope({ scope: { name }, onClose }: { scope: Scope; onClose(): void }) {
  const client = useQueryClient();
  const { can } = useSession();
  return (
    <ConfirmWindow
      title="Delete scope?"
      action="Delete scope"
      onClose={onClose}
      act={async () => {
        await api.DELETE('/api/v1/scopes/{name}', { params: { path: { name } } });
        await client.invalidateQueries({ queryKey: ['scopes'] });
        say(`The scope ${name} is deleted.`);
      }}
      wayOn={
        <Text size="sm">
          Take it from the applications that have it first.{' '}
          {can('clients:read') && (
            <Anchor component={Link} to={`/applications?scope=${encodeURIComponent(name)}`} inherit>
              Show these applications
            </Anchor>
          )}
        </Text>
      }
    >
      <span className="mono">{name}</span> can be given to no application any more. One that an application
      has cannot be deleted.
    </ConfirmWindow>
  );
}
