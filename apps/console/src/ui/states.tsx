import { Alert, Button, Center, Code, Group, Loader, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconAlertTriangle, IconRefresh, type Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { isUnreachable, messageOf, Problem } from '../api/problem';

export function LoadingPage() {
  return (
    <Center mih={240} role="status" aria-label="Loading">
      <Loader size="sm" />
    </Center>
  );
}

/** Nothing to show, which is no fault; says what to do about it. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon: Icon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <Center py={48} px="md">
      <Stack align="center" gap="xs" maw={440} ta="center">
        <ThemeIcon size={52} radius="xl" variant="light" aria-hidden>
          <Icon size={28} stroke={1.5} />
        </ThemeIcon>
        <Title order={2} size="h4" mt={4}>
          {title}
        </Title>
        {children && (
          <Text c="dimmed" size="sm">
            {children}
          </Text>
        )}
        {action && <Group mt="sm">{action}</Group>}
      </Stack>
    </Center>
  );
}

/** What the server said, with the request's id for whoever looks into its log; and a way on. */
export function ErrorState({ error, retry, title }: { error: unknown; retry?: () => void; title?: string }) {
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      icon={<IconAlertTriangle />}
      title={title ?? titleOf(error)}
    >
      <Text size="sm">{messageOf(error)}</Text>
      {error instanceof Problem && error.requestId && (
        <Text size="xs" c="dimmed" mt={4}>
          Request <Code>{error.requestId}</Code>
        </Text>
      )}
      {retry && (
        <Button
          mt="sm"
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={14} aria-hidden />}
          onClick={retry}
        >
          Try again
        </Button>
      )}
    </Alert>
  );
}

function titleOf(error: unknown): string {
  if (isUnreachable(error)) return 'The server does not answer';
  if (error instanceof Problem && error.isConflict) return 'Somebody else has changed this meanwhile';
  if (error instanceof Problem && error.lacksSecondFactor) return 'Your second factor was not shown';
  if (error instanceof Problem && error.status === 403) return 'You may not do this';
  if (error instanceof Problem && error.status === 404) return 'It is not there';
  return 'This did not work';
}
