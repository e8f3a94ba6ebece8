import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import { useSession } from '../../session/session';
import { say } from '../../ui/act';
import { ConfirmWindow } from '../../ui/confirm-window';
import type { Operator } from './operators';

export function DeleteOperator({
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
      title={`Delete ${username}?`}
      action="Delete operator"
      onClose={onClose}
      act={async () => {
        await api.DELETE('/api/v1/operators/{id}', { params: { path: { id } } });
        await client.invalidateQueries({ queryKey: ['operators'] });
        say(`${username} is deleted.`);
      }}
    >
      All that stems from {username} ends at once: his sessions, the tokens of his sign-ins, and what he
      allowed to applications. Applications that he registered stay. What he did stays in the audit log.
      {id === account.id && <strong> That is you: you are signed out.</strong>}
    </ConfirmWindow>
  );
}
