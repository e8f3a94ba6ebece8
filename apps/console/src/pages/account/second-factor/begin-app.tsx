import { Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { api, body } from '../../../api/client';
import type { components } from '../../../api/schema';
import { FormWindow } from '../../../ui/form-window';
import { CurrentPassword } from './current-password';
import { passwordFault, passwordProof } from './password-proof';

/** @param first whether he has no factor yet */
export function BeginApp({
  title,
  first,
  replaces,
  onBegun,
  onClose,
}: {
  title: string;
  first: boolean;
  /** Whether there is an app already. */
  replaces: boolean;
  onBegun(begun: components['schemas']['TotpBeginningDto']): void;
  onClose(): void;
}) {
  const form = useForm({
    initialValues: { current_password: '' },
    validate: { current_password: (password) => passwordFault(first, password) },
  });
  return (
    <FormWindow
      title={title}
      form={form}
      action="Show the QR code"
      onClose={onClose}
      onDone={() => undefined}
      submit={async ({ current_password }) =>
        onBegun(
          await body(
            api.POST('/api/v1/account/second-factor/totp/begin', {
              body: passwordProof(first, current_password),
            }),
          ),
        )
      }
    >
      <Text size="sm">
        Have an app at hand that shows codes, such as the one of your password manager or of your phone.
        {replaces && ' The one that you have now stays good until the new one has shown a code.'}
      </Text>
      {first && <CurrentPassword {...form.getInputProps('current_password')} data-autofocus />}
    </FormWindow>
  );
}
