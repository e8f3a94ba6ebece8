import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import { useSession } from '../../session/session';
import { say } from '../../ui/act';
import { ConfirmWindow } from '../../ui/confirm-window';
import type { Operator } from './operators';

export function ResetSecondFactor({
  operator: { id, username },
  onClose,
}: {
  operator: Operator;
  onClose(): void;
}) {
  const client = useQueryClient();
  const { account } = useSession();
  return (
    <ConfirmWindow
      title={`Reset the second factor of ${username}?`}
      action="Reset second factor"
      onClose={onClose}
      act={async () => {
        await api.DELETE('/api/v1/operators/{id}/second-factor', { params: { path: { id } } });
        say(`The second factor of ${username} is reset.`);
        await client.invalidateQueries({ queryKey: ['operators'] });
      }}
    >
      His passkeys, his authenticator app and his recovery codes go, and he is signed out everywhere. His
      password alone signs him in then: be sure that it is he who asks.
      {id === account.id && <strong> That is you: you are signed out.</strong>}
    </ConfirmWindow>
  );
}
