import { Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { api, body } from '../../../api/client';
import { makePasskey } from '../../../session/passkeys';
import { say } from '../../../ui/act';
import { FormWindow } from '../../../ui/form-window';
import { browserName } from '../browser-name';
import { CurrentPassword } from './current-password';
import { passwordFault, passwordProof } from './password-proof';

/** @param first whether he has no factor yet */
export function AddPasskey({
  first,
  onEnrolled,
  onClose,
}: {
  first: boolean;
  onEnrolled(recoveryCodes: string[] | null): Promise<void>;
  onClose(): void;
}) {
  const form = useForm({
    initialValues: { name: browserName(navigator.userAgent), current_password: '' },
    validate: {
      name: (name) => (name.trim() === '' ? 'Give it a name' : null),
      current_password: (password) => passwordFault(first, password),
    },
  });
  return (
    <FormWindow
      title="Add a passkey"
      form={form}
      action="Make the passkey"
      onClose={onClose}
      submit={async ({ name, current_password }) => {
        const proof = passwordProof(first, current_password);
        const { options } = await body(
          api.POST('/api/v1/account/second-factor/passkeys/options', { body: proof }),
        );
        const response = await makePasskey(options);
        const made = await body(
          api.POST('/api/v1/account/second-factor/passkeys', { body: { name: name.trim(), response } }),
        );
        say('The passkey is added.');
        await onEnrolled(made.recovery_codes);
      }}
    >
      <Text size="sm">
        Your browser asks for your fingerprint, your face, the device’s PIN or a security key. None of that
        leaves the device.
      </Text>
      <TextInput
        label="Name"
        description="By which you know it again among your others."
        maxLength={64}
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('name')}
      />
      {first && <CurrentPassword {...form.getInputProps('current_password')} />}
    </FormWindow>
  );
}
