import { Alert, Button, Center, Loader, Stack, Text } from '@mantine/core';
import { messageOf } from '../api/problem';
import { Brand } from '../ui/brand';

/** The whole page while it is not known who signed in, or why nobody did. */
export function Entrance({
  error,
  retry,
  action = 'Try again',
}: {
  error: unknown;
  retry: () => void;
  action?: string;
}) {
  return (
    <Center mih="100vh" p="md" component="main">
      <Stack align="center" maw={420}>
        <Brand size={44} />
        {error ? (
          <>
            <Alert color="red" variant="light" role="alert" title="You could not be signed in">
              {messageOf(error)}
            </Alert>
            <Button onClick={retry}>{action}</Button>
          </>
        ) : (
          <>
            <Loader size="sm" aria-hidden />
            <Text c="dimmed" size="sm" role="status">
              Signing in …
            </Text>
          </>
        )}
      </Stack>
    </Center>
  );
}
