import { Group, Input, SegmentedControl, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { DateTimeField } from '../../ui/date-time-field';
import { DurationField } from '../../ui/duration-field';
import { SettingsGroup, type GroupProps } from './settings-group';
import { SETTINGS } from './settings-values';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ACCESS_PRESETS = [15 * MINUTE, HOUR, 8 * HOUR, DAY, 30 * DAY];
const REFRESH_PRESETS = [DAY, 7 * DAY, 30 * DAY, 365 * DAY];

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
