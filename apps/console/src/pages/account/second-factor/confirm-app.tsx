import { Button, Group, Image, Input, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { api, body } from '../../../api/client';
import type { components } from '../../../api/schema';
import { say } from '../../../ui/act';
import { CopyableText } from '../../../ui/copyable';
import { FormWindow } from '../../../ui/form-window';

/** The key for the app, as a picture and as text, and the code by which it says that it has it. */
export function ConfirmApp({
  title,
  begun: { secret, qr_svg },
  onEnrolled,
  onAnew,
  onClose,
}: {
  title: string;
  begun: components['schemas']['TotpBeginningDto'];
  onEnrolled(recoveryCodes: string[] | null): Promise<void>;
  /** With another key, where this one has been left too long. */
  onAnew(): void;
  onClose(): void;
}) {
  const form = useForm({
    initialValues: { code: '' },
    validate: { code: (code) => (code.trim() === '' ? 'Type the code that the app shows' : null) },
  });
  return (
    <FormWindow
      title={title}
      form={form}
      action="Add the app"
      onClose={onClose}
      submit={async ({ code }) => {
        const enrolled = await body(
          api.POST('/api/v1/account/second-factor/totp', { body: { code: code.trim() } }),
        );
        say('The app is added.');
        await onEnrolled(enrolled.recovery_codes);
      }}
    >
      <Text size="sm">Scan this with the app. It is shown this once.</Text>
      {/* As a picture, whatever is in it does nothing. */}
      <Image
        src={`data:image/svg+xml,${encodeURIComponent(qr_svg)}`}
        alt="QR code with the key for the app"
        w={200}
        mx="auto"
        radius="md"
      />
      <Input.Wrapper label="Or type this key into it" labelElement="div">
        <CopyableText value={secret} what="key" />
      </Input.Wrapper>
      <TextInput
        label="Code that the app shows now"
        autoComplete="one-time-code"
        inputMode="numeric"
        maxLength={64}
        data-autofocus
        {...form.getInputProps('code')}
      />
      <Group>
        <Button variant="subtle" size="compact-sm" ml={-8} onClick={onAnew}>
          Begin again with another key
        </Button>
      </Group>
    </FormWindow>
  );
}
