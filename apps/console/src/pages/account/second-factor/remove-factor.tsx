import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../../api/client';
import { ownFactors, type OwnFactors } from '../../../session/own-factors';
import { say } from '../../../ui/act';
import { ConfirmWindow } from '../../../ui/confirm-window';
import type { Factor } from './factor-table';

export function RemoveFactor({
  factor: { kind, id, name },
  factors,
  onClose,
}: {
  factor: Factor;
  factors: OwnFactors;
  onClose(): void;
}) {
  const client = useQueryClient();
  const isLast = factors.passkeys.length + (factors.totp ? 1 : 0) === 1;
  return (
    <ConfirmWindow
      title={`Remove ${name}?`}
      action="Remove it"
      onClose={onClose}
      act={async () => {
        await (kind === 'app'
          ? api.DELETE('/api/v1/account/second-factor/totp')
          : api.DELETE('/api/v1/account/second-factor/passkeys/{id}', { params: { path: { id } } }));
        say(`${name} is removed.`);
        await client.invalidateQueries({ queryKey: ownFactors.queryKey });
      }}
    >
      It signs you in no more; delete it where it is kept, too.
      {isLast && (
        <strong>
          {' '}
          {factors.required
            ? 'It is the last one, and your role requires one: add another first.'
            : 'It is the last one: your password alone signs you in from then on, and your recovery codes end.'}
        </strong>
      )}
    </ConfirmWindow>
  );
}
