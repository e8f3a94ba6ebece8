import { Button, Modal, Stack, Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Problem } from '../api/problem';
import { fieldErrors } from './form-errors';
import { ErrorState } from './states';
import { WindowActions } from './window-actions';

/** A window with a form. It stays open, with all that was typed, until what it is for is done. */
export function FormWindow<Values extends Record<string, unknown>>({
  title,
  form,
  action,
  children,
  submit,
  reload,
  onClose,
  onDone = onClose,
}: {
  title: string;
  form: UseFormReturnType<Values>;
  /** What the button says: the deed, not “OK”. */
  action: string;
  children: ReactNode;
  submit(values: Values): Promise<unknown>;
  /** Reads what it is by now, where somebody else has changed it (412). */
  reload?(): Promise<unknown>;
  onClose(): void;
  /** Where something follows instead of the window's closing. */
  onDone?(): void;
}) {
  const [rest, setRest] = useState<unknown>();
  const deed = useMutation({
    mutationFn: submit,
    // What was sent may be a secret.
    gcTime: 0,
    onMutate: () => setRest(undefined),
    onSuccess: onDone,
    onError: (error) => setRest(fieldErrors(form, error)),
  });
  const read = useMutation({
    mutationFn: reload ?? (() => Promise.resolve()),
    onSuccess: () => setRest(undefined),
    onError: setRest,
  });
  const close = () => {
    if (!deed.isPending) onClose();
  };
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form noValidate onSubmit={form.onSubmit((values) => deed.mutate(values))}>
        <Stack gap="sm">
          {rest !== undefined && <ErrorState error={rest} />}
          {reload && rest instanceof Problem && rest.isConflict && (
            <div>
              <Text size="sm" mb="xs">
                What you have typed stays. Read what it is now, look at it, and save again.
              </Text>
              <Button variant="default" loading={read.isPending} onClick={() => read.mutate()}>
                Read it again
              </Button>
            </div>
          )}
          {children}
        </Stack>
        <WindowActions action={action} busy={deed.isPending} onCancel={close} />
      </form>
    </Modal>
  );
}
