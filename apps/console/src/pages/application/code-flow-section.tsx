import { Stack, Text, Title } from '@mantine/core';
import { IconRoute } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { CopyableText, SecretText } from '../../ui/copyable';
import { FieldList } from '../../ui/field-list';
import { EmptyState } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { ShowInFull } from './show-in-full';
import type { Application, Rights } from './use-application';

/** What the code flow last did for it. Nobody changes these by hand. */
export function CodeFlowSection({ application, rights }: { application: Application; rights: Rights }) {
  const { last_authorization: last, grant_types } = application.client;
  if (last.code_created_at === null)
    return (
      <EmptyState icon={IconRoute} title="Nobody has signed in through it yet">
        {grant_types.includes('authorization_code')
          ? 'What the code flow does for it will stand here.'
          : 'The code flow is not among its grant types.'}
      </EmptyState>
    );
  const none = <Text inherit>none yet</Text>;
  return (
    <Stack gap="xs" maw={820}>
      <Title order={2} size="h5">
        Last run of the code flow
      </Title>
      <FieldList
        fields={[
          {
            label: 'Redirect URI',
            value: last.redirect_uri ? <CopyableText value={last.redirect_uri} what="redirect URI" /> : none,
          },
          {
            label: 'Authorization code',
            value: credential(last.authorization_code, 'Authorization code', none),
          },
          {
            label: 'Code created at',
            value: <Moment at={last.code_created_at} unix={last.code_created_at_unix} />,
          },
          { label: 'Access token', value: credential(last.access_token, 'Access token', none) },
          {
            label: 'Token created at',
            value: <Moment at={last.token_created_at} unix={last.token_created_at_unix} />,
          },
          { label: 'Passthru user', value: last.passthru_user ?? none },
        ]}
      />
      {rights.reveal && [last.authorization_code, last.access_token].some(isMasked) && (
        <ShowInFull clientId={application.client.client_id} />
      )}
    </Stack>
  );
}

function Moment({ at, unix }: { at: string | null; unix: number | null }) {
  return (
    <>
      <TimeText at={at} form="date" never="none yet" />
      {unix !== null && (
        <Text span inherit c="dimmed">
          {' '}
          · Unix <span className="mono">{unix}</span>
        </Text>
      )}
    </>
  );
}

/** Masked by the server; whole only to owners where there is a vault, and that look is on record. */
function credential(value: string | null, what: string, none: ReactNode): ReactNode {
  if (value === null) return none;
  return isMasked(value) ? <span className="mono">{value}</span> : <SecretText value={value} what={what} />;
}

function isMasked(value: string | null): boolean {
  return value?.includes('…') ?? false;
}
