import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { messageOf, Problem } from '../api/problem';

/** Says that something is done. */
export function say(message: string): void {
  notifications.show({ message, color: 'teal' });
}

/** Says that something did not work, where no field or page can. */
export function sayError(error: unknown): void {
  const id = error instanceof Problem ? error.requestId : undefined;
  notifications.show({
    title: 'This did not work',
    message: id ? `${messageOf(error)} (request ${id})` : messageOf(error),
    color: 'red',
    autoClose: 10_000,
  });
}

/** Asks before something that cannot be undone. */
export function ask({
  title,
  children,
  action,
  onConfirm,
}: {
  title: string;
  children: ReactNode;
  /** What the button says: the deed, not “OK”. */
  action: string;
  onConfirm(): void;
}): void {
  modals.openConfirmModal({
    title,
    children: (
      <Text size="sm" component="div">
        {children}
      </Text>
    ),
    labels: { confirm: action, cancel: 'Cancel' },
    confirmProps: { color: 'red' },
    onConfirm,
  });
}
