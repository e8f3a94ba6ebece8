import {
  Checkbox,
  Group,
  NumberInput,
  PasswordInput,
  Select,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useSession } from '../../session/session';
import { ScopePicker } from '../../ui/scope-picker';
import { durationText } from '../../ui/time-text';
import { AssuranceFields } from '../application/assurance/assurance-fields';
import { HELD, isHeld } from '../application/assurance/assurance-values';
import { AUTH_METHODS, hasSecret } from '../application/assurance/authentication';
import { KeysField } from '../application/assurance/keys-field';
import type { NewApplicationValues } from './new-application-values';

const MONTH = 2_592_000;

const GRANT_TYPES = [
  {
    value: 'client_credentials',
    label: 'Client credentials',
    description: 'It calls in its own name, with its secret or its key.',
  },
  {
    value: 'authorization_code',
    label: 'Authorization code',
    description: 'It calls in the name of a person who signs in.',
  },
  {
    value: 'refresh_token',
    label: 'Refresh token',
    description: 'It stays signed in, with a refresh token that changes at each use.',
  },
];

/** All that can be said of a new application beside its name. */
export function MoreSettings({ form }: { form: UseFormReturnType<NewApplicationValues> }) {
  const { can } = useSession();
  const { customer_id, access_token_ttl, token_endpoint_auth_method } = form.values;
  const held = isHeld(form.values);
  return (
    <Stack>
      <Textarea label="Notes" autosize minRows={2} maxRows={6} {...form.getInputProps('notes')} />
      {can('customers:write') && (
        <TextInput
          label="Customer"
          description="Whose it is, and whose data it sees."
          {...form.getInputProps('customer_id')}
        />
      )}
      <ScopePicker
        customerId={customer_id}
        description="What its tokens may do at most."
        value={form.values.scopes}
        onChange={(scopes) => form.setFieldValue('scopes', scopes)}
        error={form.errors.scopes}
      />
      <Checkbox.Group
        label="Grant types"
        description="How it may get tokens."
        {...form.getInputProps('grant_types')}
      >
        <Stack gap={8} mt={6}>
          {GRANT_TYPES.map((grantType) => (
            <Checkbox key={grantType.value} size="xs" {...grantType} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Textarea
        label="Redirect URIs"
        description="Where people may be sent back to, one a line; compared exactly."
        placeholder="https://app.example.com/callback"
        autosize
        minRows={1}
        maxRows={5}
        {...form.getInputProps('redirect_uris')}
      />
      <Select
        label="Authentication"
        description={held ? HELD : 'How it proves who it is.'}
        data={AUTH_METHODS}
        allowDeselect={false}
        disabled={held}
        {...form.getInputProps('token_endpoint_auth_method')}
      />
      <KeysField form={form} />
      <AssuranceFields form={form} />
      <Group grow align="flex-start" preventGrowOverflow={false} wrap="wrap">
        <TextInput
          label="Client ID"
          description="Empty: one is generated."
          autoComplete="off"
          miw={200}
          {...form.getInputProps('client_id')}
        />
        <PasswordInput
          label="Client secret"
          description={
            hasSecret(token_endpoint_auth_method)
              ? 'Empty: one is generated, which is safer.'
              : 'It has none.'
          }
          autoComplete="new-password"
          miw={200}
          disabled={!hasSecret(token_endpoint_auth_method)}
          {...form.getInputProps('client_secret')}
        />
      </Group>
      <NumberInput
        label="Access tokens expire in"
        description={
          typeof access_token_ttl === 'number' && access_token_ttl > 0
            ? `Seconds: ${durationText(access_token_ttl)}.`
            : 'Seconds, up to 30 days. Empty: as the server is set up.'
        }
        placeholder="3600"
        min={1}
        max={MONTH}
        allowDecimal={false}
        {...form.getInputProps('access_token_ttl')}
      />
      <Switch
        label="Active"
        description="Only active applications get tokens and can use them."
        {...form.getInputProps('active', { type: 'checkbox' })}
      />
    </Stack>
  );
}
