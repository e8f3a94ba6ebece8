import { Button, Group } from '@mantine/core';

/** The end of a window: away from it, or the deed. */
export function WindowActions({
  action,
  busy,
  danger,
  onCancel,
  onAct,
}: {
  /** What the button says: the deed, not “OK”. */
  action: string;
  busy: boolean;
  danger?: boolean;
  onCancel(): void;
  /** Left out where the button sends the form that it stands in. */
  onAct?(): void;
}) {
  return (
    <Group justify="flex-end" mt="lg">
      <Button variant="default" onClick={onCancel} disabled={busy}>
        Cancel
      </Button>
      <Button
        type={onAct ? 'button' : 'submit'}
        color={danger ? 'red' : undefined}
        loading={busy}
        onClick={onAct}
      >
        {action}
      </Button>
    </Group>
  );
}
