import { Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Problem } from '../api/problem';
import { ErrorState } from './states';
import { WindowActions } from './window-actions';

/** Asks before something that cannot be undone, and says in place why it could not be done. */
export function ConfirmWindow({
  title,
  children,
  action,
  act,
  wayOn,
  onClose,
}: {
  title: string;
  children: ReactNode;
  action: string;
  act(): Promise<unknown>;
  /** What to do first, where what is there stands in the way (409). */
  wayOn?: ReactNode;
  onClose(): void;
}) {
  const deed = useMutation({ mutationFn: act, onSuccess: onClose });
  const close = () => {
    if (!deed.isPending) onClose();
  };
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="sm">
        <Text size="sm" component="div">
          {children}
        </Text>
        {deed.isError && <ErrorState error={deed.error} />}
        {deed.error instanceof Problem && deed.error.status === 409 && wayOn}
      </Stack>
      <WindowActions
        action={action}
        danger
        busy={deed.isPending}
        onCancel={close}
        onAct={() => deed.mutate()}
      />
    </Modal>
  );
}
