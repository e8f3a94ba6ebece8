import { Stack, Text, Title } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ReactNode } from 'react';
import classes from './application.module.css';
import type { SettingsValues } from './settings-values';

export interface GroupProps {
  form: UseFormReturnType<SettingsValues>;
}

/** Settings that belong together, beside what they are about. */
export function SettingsGroup({
  title,
  about,
  children,
}: {
  title: string;
  about: string;
  children: ReactNode;
}) {
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
