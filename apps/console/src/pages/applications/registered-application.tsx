import { Alert, Button, Code, Group, Input, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import type { components } from '../../api/schema';
import { useSession } from '../../session/session';
import { Copy, CopyableText, SecretText } from '../../ui/copyable';
import { noSecretBecause } from '../application/assurance/authentication';
import { pathOf } from './columns';

type Registered = components['schemas']['RegisteredClientDto'];

/** The id, the secret this once, and a first call with them. */
export function RegisteredApplication({
  application,
  onClose,
}: {
  application: Registered;
  onClose(): void;
}) {
  const navigate = useNavigate();
  const { client_id, client_secret, grant_types, token_endpoint_auth_method } = application;
  return (
    <Stack>
      {client_secret === undefined ? (
        <Alert icon={<IconInfoCircle />} color="gate" variant="light">
          {noSecretBecause(token_endpoint_auth_method)}
        </Alert>
      ) : (
        <OnlyTime />
      )}
      <Input.Wrapper label="Client ID" labelElement="div">
        <CopyableText value={client_id} what="client id" />
      </Input.Wrapper>
      {client_secret !== undefined && (
        <Input.Wrapper label="Client secret" labelElement="div">
          <SecretText value={client_secret} what="Client secret" />
        </Input.Wrapper>
      )}
      {client_secret !== undefined && grant_types.includes('client_credentials') && (
        <FirstCall clientId={client_id} clientSecret={client_secret} />
      )}
      <Group justify="flex-end">
        <Button
          variant="default"
          onClick={() => {
            onClose();
            void navigate(pathOf(application));
          }}
        >
          Open the application
        </Button>
        <Button onClick={onClose} data-autofocus>
          {client_secret === undefined ? 'Close' : 'I have copied it, close'}
        </Button>
      </Group>
    </Stack>
  );
}

function OnlyTime() {
  const { account } = useSession();
  return (
    <Alert icon={<IconAlertTriangle />} color="yellow" variant="light" title="Copy the secret now">
      <Text size="sm">
        {account.vault
          ? 'After this only owners can look at it again, and each look is on record.'
          : 'This is the one time that it is shown: Postern keeps nothing that it could be read from. If it is lost, make a new one.'}
      </Text>
    </Alert>
  );
}

/** The token request of RFC 6749 §4.4, for a shell. The copy has the secret, what is shown has not. */
function FirstCall({ clientId, clientSecret }: { clientId: string; clientSecret: string }) {
  const callWith = (secret: string) =>
    `curl -u ${quoted(`${clientId}:${secret}`)} \\\n  -d grant_type=client_credentials \\\n  ${location.origin}/oauth2/token`;
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Input.Label labelElement="div">Get a token</Input.Label>
        <Copy value={callWith(clientSecret)} label="Copy the call, with the secret" />
      </Group>
      <Code block tabIndex={0} aria-label="Call for a token" role="region">
        {callWith('••••••••')}
      </Code>
    </div>
  );
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
