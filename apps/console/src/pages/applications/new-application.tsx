import { Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import { NewApplicationForm } from './new-application-form';
import type { NewApplicationBody } from './new-application-values';
import { RegisteredApplication } from './registered-application';

/**
 * First the form, then what came of it. A click outside closes neither: the one holds what was
 * typed, and the other a secret that is shown this once, and is gone with the window.
 */
export function NewApplication({ onClose }: { onClose(): void }) {
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: (application: NewApplicationBody) => body(api.POST('/api/v1/clients', { body: application })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['clients'] }),
    gcTime: 0,
  });
  const created = create.data;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={created ? `${created.name} is registered` : 'New application'}
      closeOnClickOutside={false}
      closeOnEscape={!created}
      withCloseButton={!created}
      closeButtonProps={{ 'aria-label': 'Close without saving' }}
    >
      {created ? (
        <RegisteredApplication application={created} onClose={onClose} />
      ) : (
        <NewApplicationForm
          saving={create.isPending}
          save={(application) => create.mutateAsync(application)}
          onCancel={onClose}
        />
      )}
    </Modal>
  );
}
