import { Alert, Box, Button, Group, Table, Text } from '@mantine/core';
import { IconGitMerge } from '@tabler/icons-react';
import classes from './application.module.css';
import { differences, SETTINGS, settingText, valuesOf } from './settings-values';
import type { Application } from './use-application';
import type { SettingsState } from './use-settings';

/** Two people changed it at once: what the other one did, and whose version shall be. */
export function ConflictNotice({ settings, newest }: { settings: SettingsState; newest: Application }) {
  const { base, form, changed, saving, loadNewest, saveOver } = settings;
  const [before, theirs] = [valuesOf(base.client), valuesOf(newest.client)];
  const meanwhile = differences(before, theirs);
  return (
    <Alert
      color="gate"
      variant="light"
      role="alert"
      icon={<IconGitMerge />}
      title="Somebody else has changed this application meanwhile"
      styles={{ body: { minWidth: 0 } }}
      bg="var(--mantine-color-body)"
      bd="1px solid var(--mantine-color-default-border)"
    >
      <Text size="sm">Nothing of yours is saved yet, and nothing is lost. What has changed:</Text>
      <Box className={classes.scrolling} tabIndex={0} role="region" aria-label="Changes">
        <Table verticalSpacing={4} aria-label="What has changed meanwhile">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Setting</Table.Th>
              <Table.Th>Was</Table.Th>
              <Table.Th>Is now</Table.Th>
              <Table.Th>Yours</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {meanwhile.map((name) => (
              <Table.Tr key={name}>
                <Table.Td>{SETTINGS[name]}</Table.Td>
                <Table.Td>{settingText(before, name)}</Table.Td>
                <Table.Td>{settingText(theirs, name)}</Table.Td>
                <Table.Td>
                  {changed.includes(name) ? settingText(form.values, name) : 'as it is now'}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Box>
      <Group gap="xs" mt="xs">
        <Button variant="default" onClick={() => loadNewest(newest)} disabled={saving}>
          Load the newest
        </Button>
        <Button onClick={() => saveOver(newest)} loading={saving}>
          Keep mine and save over it
        </Button>
        <Text size="xs" c="dimmed">
          Yours: {changed.map((name) => SETTINGS[name]).join(', ')}. The rest stays as it is now.
        </Text>
      </Group>
    </Alert>
  );
}

/** The way back from “Load the newest”. */
export function SetAsideNotice({ putBack }: { putBack: () => void }) {
  return (
    <Alert color="gate" variant="light" title="The newest version is loaded">
      <Group gap="sm">
        <Text size="sm">What you had changed is set aside.</Text>
        <Button size="xs" variant="default" onClick={putBack}>
          Put my changes back
        </Button>
      </Group>
    </Alert>
  );
}
