import {
  Checkbox,
  Group,
  NativeSelect,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
  Title,
  Input,
} from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ReactNode } from 'react';
import { DateTimeField } from '../../ui/date-time-field';
import { DurationField } from '../../ui/duration-field';
import { ScopePicker } from '../../ui/scope-picker';
import { AUTH_METHODS, SETTINGS, type SettingsValues } from './settings-values';
import classes from './application.module.css';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ACCESS_PRESETS = [15 * MINUTE, HOUR, 8 * HOUR, DAY, 30 * DAY];
const REFRESH_PRESETS = [DAY, 7 * DAY, 30 * DAY, 365 * DAY];

interface GroupProps {
  form: UseFormReturnType<SettingsValues>;
}

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
            description="The application acts for itself, with its id and secret."
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
        description="A public client runs where no secret can be kept, such as in a browser or on a phone."
        data={AUTH_METHODS.map((method) => ({ ...method }))}
        {...form.getInputProps('token_endpoint_auth_method')}
      />
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
        description="The code flow is refused without a code challenge (S256)."
        {...form.getInputProps('require_pkce', { type: 'checkbox' })}
      />
    </SettingsGroup>
  );
}

export function TokenSettings({ form }: GroupProps) {
  return (
    <SettingsGroup
      title="Tokens"
      about="What they look like and how long they live. Those that are out keep their own."
    >
      <Group gap="xl" align="flex-start">
        <Choice
          form={form}
          name="access_token_format"
          choices={[
            ['opaque', 'Opaque'],
            ['jwt', 'JWT'],
          ]}
        />
        {form.values.access_token_format === 'jwt' && (
          <Choice
            form={form}
            name="access_token_signing_alg"
            choices={[
              ['ES256', 'ES256'],
              ['EdDSA', 'EdDSA'],
            ]}
          />
        )}
      </Group>
      <DurationField
        label={SETTINGS.access_token_ttl}
        description="1 second to 30 days."
        presets={ACCESS_PRESETS}
        {...form.getInputProps('access_token_ttl')}
      />
      <DurationField
        label={SETTINGS.refresh_token_ttl}
        description="From each use anew; a year after sign-in they end."
        presets={REFRESH_PRESETS}
        {...form.getInputProps('refresh_token_ttl')}
      />
    </SettingsGroup>
  );
}

export function LimitSettings({ form }: GroupProps) {
  return (
    <SettingsGroup
      title="When and from where"
      about="Outside of these it may not act, and its tokens are refused."
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <DateTimeField
          label={SETTINGS.valid_from}
          placeholder="No limit"
          clearable
          {...form.getInputProps('valid_from')}
        />
        <DateTimeField
          label={SETTINGS.valid_until}
          placeholder="No limit"
          clearable
          {...form.getInputProps('valid_until')}
        />
      </SimpleGrid>
      <Textarea
        label={SETTINGS.allowed_cidrs}
        description="Addresses or networks, one a line. Empty: any."
        placeholder="10.20.0.0/16"
        autosize
        minRows={2}
        classNames={{ input: 'mono' }}
        {...form.getInputProps('allowed_cidrs')}
      />
      <TextInput
        label={SETTINGS.public_base_uri}
        description="Where its introspection calls come from. Those that name another origin are refused."
        placeholder="https://gateway.example.com/api"
        inputMode="url"
        {...form.getInputProps('public_base_uri')}
      />
    </SettingsGroup>
  );
}

function Choice({
  form,
  name,
  choices,
}: GroupProps & { name: 'access_token_format' | 'access_token_signing_alg'; choices: [string, string][] }) {
  return (
    <Input.Wrapper label={SETTINGS[name]} labelElement="div" error={form.errors[name]}>
      <div>
        <SegmentedControl
          mt={4}
          aria-label={SETTINGS[name]}
          data={choices.map(([value, label]) => ({ value, label }))}
          value={form.values[name]}
          onChange={(value) => form.setFieldValue(name, value)}
        />
      </div>
    </Input.Wrapper>
  );
}

function SettingsGroup({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <section className={classes.group} aria-label={title}>
      <div>
        <Title order={2} size="h5">
          {title}
        </Title>
        <Text size="sm" c="dimmed">
          {about}
        </Text>
      </div>
      <Stack gap="md" maw={680}>
        {children}
      </Stack>
    </section>
  );
}
