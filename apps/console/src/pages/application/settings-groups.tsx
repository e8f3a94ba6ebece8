import { Checkbox, NativeSelect, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { ScopePicker } from '../../ui/scope-picker';
import { AssuranceFields } from './assurance/assurance-fields';
import { HELD, isHeld } from './assurance/assurance-values';
import { AUTH_METHODS } from './assurance/authentication';
import { KeysField } from './assurance/keys-field';
import { SettingsGroup, type GroupProps } from './settings-group';
import { SETTINGS } from './settings-values';

export function GeneralSettings({ form }: GroupProps) {
  return (
    <SettingsGroup title="General" about="What people know it by, and whether it may act.">
      <TextInput label={SETTINGS.name} required maxLength={200} {...form.getInputProps('name')} />
      <Textarea
        label={SETTINGS.notes}
        description="For whoever looks after it: the owner, a ticket, what it is for."
        autosize
        minRows={2}
        maxRows={10}
        maxLength={4000}
        {...form.getInputProps('notes')}
      />
      <Switch
        label={SETTINGS.active}
        description="An inactive application gets no tokens, and those it has are refused until it is active again."
        {...form.getInputProps('active', { type: 'checkbox' })}
      />
    </SettingsGroup>
  );
}

export function ScopeSettings({ form, customerId }: GroupProps & { customerId: string }) {
  return (
    <SettingsGroup title="Scopes" about="What its tokens may do at most. A token can have fewer.">
      <ScopePicker
        value={form.values.scopes}
        onChange={(scopes) => form.setFieldValue('scopes', scopes)}
        customerId={customerId}
        error={form.errors.scopes}
      />
    </SettingsGroup>
  );
}

export function AccessSettings({ form }: GroupProps) {
  const held = isHeld(form.values);
  return (
    <SettingsGroup
      title="How it gets tokens"
      about="Grant types, authentication, and where people are sent back to."
    >
      <Checkbox.Group label={SETTINGS.grant_types} {...form.getInputProps('grant_types')}>
        <Stack gap="xs" mt={6}>
          <Checkbox
            value="client_credentials"
            label="Client credentials"
            description="The application acts for itself, with its secret or its key."
          />
          <Checkbox
            value="authorization_code"
            label="Authorization code"
            description="A person signs in and allows it to act for him."
          />
          <Checkbox
            value="refresh_token"
            label="Refresh token"
            description="What a person allowed goes on without signing in again."
          />
        </Stack>
      </Checkbox.Group>
      <NativeSelect
        label={SETTINGS.token_endpoint_auth_method}
        description={
          held
            ? HELD
            : 'A public client runs where no secret can be kept, such as in a browser or on a phone.'
        }
        disabled={held}
        data={AUTH_METHODS.map((method) => ({ ...method }))}
        {...form.getInputProps('token_endpoint_auth_method')}
      />
      <KeysField form={form} />
      <Textarea
        label={SETTINGS.redirect_uris}
        description="One a line, compared exactly. https, or http on 127.0.0.1 and [::1]."
        placeholder="https://app.example.com/callback"
        autosize
        minRows={2}
        classNames={{ input: 'mono' }}
        {...form.getInputProps('redirect_uris')}
      />
      <Switch
        label="Require PKCE"
        description={held ? HELD : 'The code flow is refused without a code challenge (S256).'}
        disabled={held}
        {...form.getInputProps('require_pkce', { type: 'checkbox' })}
      />
    </SettingsGroup>
  );
}

export function AssuranceSettings({ form }: GroupProps) {
  return (
    <SettingsGroup
      title="High assurance"
      about="For what must not be done by whoever steals a secret or a token."
    >
      <AssuranceFields form={form} />
    </SettingsGroup>
  );
}
