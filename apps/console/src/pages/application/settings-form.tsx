import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { ErrorState } from '../../ui/states';
import { UnsavedWarning } from '../../ui/unsaved';
import { ConflictNotice, SetAsideNotice } from './settings-conflict';
import { AccessSettings, AssuranceSettings, GeneralSettings, ScopeSettings } from './settings-groups';
import { LimitSettings, TokenSettings } from './settings-limits';
import { SETTINGS } from './settings-values';
import type { Application } from './use-application';
import { useSettings, type SettingsState } from './use-settings';
import classes from './application.module.css';

export function SettingsForm({ application }: { application: Application }) {
  const settings = useSettings(application);
  const { form, error, changed, setAside, putBack } = settings;
  return (
    <form
      aria-label="Settings"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (changed.length > 0) settings.save();
      }}
    >
      <UnsavedWarning unsaved={changed.length > 0} />
      <Stack gap="lg">
        <GeneralSettings form={form} />
        <ScopeSettings form={form} customerId={application.client.customer_id} />
        <AccessSettings form={form} />
        <AssuranceSettings form={form} />
        <TokenSettings form={form} />
        <LimitSettings form={form} />
        {setAside && <SetAsideNotice putBack={putBack} />}
        <SaveBar settings={settings} />
      </Stack>
      {error !== undefined && (
        <div className={classes.refusal}>
          <ErrorState error={error} title="The settings were not saved" />
        </div>
      )}
    </form>
  );
}

/** Stays in sight while something is to be saved, and says what. */
function SaveBar({ settings }: { settings: SettingsState }) {
  const { changed, newest, saving, discard } = settings;
  if (newest)
    return (
      <div className={classes.bar}>
        <ConflictNotice settings={settings} newest={newest} />
      </div>
    );
  if (changed.length === 0)
    return (
      <Group justify="flex-end">
        <Button type="submit" disabled>
          Save
        </Button>
      </Group>
    );
  return (
    <Paper withBorder shadow="md" p="sm" className={classes.bar}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" role="status">
          Not saved yet: {changed.map((name) => SETTINGS[name]).join(', ')}
        </Text>
        <Group gap="xs">
          <Button variant="default" onClick={discard} disabled={saving}>
            Discard changes
          </Button>
          <Button type="submit" loading={saving}>
            Save
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}
