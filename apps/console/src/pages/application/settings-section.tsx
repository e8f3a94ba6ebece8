import { Alert, Stack } from '@mantine/core';
import { FieldList } from '../../ui/field-list';
import { ScopeBadges } from '../../ui/badges';
import { SETTING_NAMES, SETTINGS, settingText, valuesOf } from './settings-values';
import { SettingsForm } from './settings-form';
import type { Application, Rights } from './use-application';

/** What an application is set to: to change, or to read for who may not. */
export function SettingsSection({ application, rights }: { application: Application; rights: Rights }) {
  if (rights.manage) return <SettingsForm application={application} />;
  const values = valuesOf(application.client);
  return (
    <Stack>
      {rights.lacking.length > 0 && (
        <Alert color="gate" variant="light" title="You can look at this application, and not change it">
          It holds scopes that you do not have: {rights.lacking.join(', ')}.
        </Alert>
      )}
      <FieldList
        fields={SETTING_NAMES.map((name) => ({
          label: SETTINGS[name],
          value:
            name === 'scopes' && values.scopes.length > 0 ? (
              <ScopeBadges scopes={values.scopes} most={values.scopes.length} />
            ) : (
              settingText(values, name)
            ),
        }))}
      />
    </Stack>
  );
}
