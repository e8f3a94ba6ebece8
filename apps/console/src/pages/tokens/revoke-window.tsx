import { Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { plural } from '../../ui/time-text';
import { NOTHING_YET, revokeEach, type RevocationProgress } from './revocation';
import { RevokeConfirmation, type RevocationPlan } from './revoke-confirmation';
import { RevokeProgress } from './revoke-progress';

type Phase = { name: 'asking' | 'running' | 'over'; error?: unknown };

/** Revokes many tokens: asks, shows how far it is, and what could not be revoked. */
export function RevokeWindow({
  plan,
  onClose,
}: {
  plan: RevocationPlan;
  /** @param revoked ids of those that are worth nothing now */
  onClose(revoked: ReadonlySet<string>): void;
}) {
  const queries = useQueryClient();
  const [phase, setPhase] = useState<Phase>({ name: 'asking' });
  const [progress, setProgress] = useState<RevocationProgress>(NOTHING_YET);
  const abort = useRef(new AbortController());
  useEffect(() => {
    const controller = abort.current;
    return () => controller.abort();
  }, []);
  const begin = async () => {
    abort.current = new AbortController();
    setPhase({ name: 'running' });
    try {
      await revokeEach(plan.tokens(), abort.current.signal, setProgress);
      setPhase({ name: 'over' });
    } catch (error) {
      setPhase({ name: 'over', error });
    }
    await queries.invalidateQueries({ queryKey: ['tokens'] });
  };
  const running = phase.name === 'running';
  const close = () => {
    if (!running) onClose(progress.revoked);
  };
  return (
    <Modal
      opened
      onClose={close}
      closeOnClickOutside={phase.name === 'asking'}
      withCloseButton={!running}
      closeButtonProps={{ 'aria-label': 'Close' }}
      title={plan.total === 1 ? 'Revoke this token' : `Revoke ${plural(plan.total, 'token')}`}
      size="lg"
    >
      {phase.name === 'asking' ? (
        <RevokeConfirmation plan={plan} onConfirm={() => void begin()} onCancel={close} />
      ) : (
        <RevokeProgress
          total={plan.total}
          progress={progress}
          running={running}
          error={phase.error}
          onStop={() => abort.current.abort()}
          onClose={close}
        />
      )}
    </Modal>
  );
}
