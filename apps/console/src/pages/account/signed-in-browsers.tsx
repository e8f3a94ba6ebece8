import { Button } from '@mantine/core';
import { IconDeviceDesktop } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { useSession } from '../../session/session';
import { say } from '../../ui/act';
import { ConfirmWindow } from '../../ui/confirm-window';
import { DataTable } from '../../ui/data-table';
import { Section } from '../../ui/section';
import { EmptyState, ErrorState } from '../../ui/states';
import { browserName } from './browser-name';
import { sessionColumns, type BrowserSession } from './session-columns';

type Opened = { kind: 'one'; session: BrowserSession } | { kind: 'all' };

/** Where the person is signed in, and the way out of there. */
export function SignedInBrowsers() {
  const { signOut, signOutEverywhere } = useSession();
  const client = useQueryClient();
  const [opened, setOpened] = useState<Opened>();
  const sessions = useQuery({
    queryKey: ['account', 'sessions'],
    queryFn: () => body(api.GET('/api/v1/account/sessions')),
  });
  const close = () => setOpened(undefined);
  const end = async ({ id, user_agent }: BrowserSession) => {
    await api.DELETE('/api/v1/account/sessions/{id}', { params: { path: { id } } });
    await client.invalidateQueries({ queryKey: ['account', 'sessions'] });
    say(`You are signed out of ${browserName(user_agent)}.`);
  };
  return (
    <Section
      title="Browsers"
      description="Where you are signed in. One that you do not know is not yours: end it, and change your password."
      actions={
        <Button variant="default" onClick={() => setOpened({ kind: 'all' })}>
          Sign out everywhere
        </Button>
      }
    >
      {sessions.error && !sessions.data ? (
        <ErrorState error={sessions.error} retry={() => void sessions.refetch()} />
      ) : (
        <DataTable
          label="Browsers"
          columns={sessionColumns({
            onEnd: (session) => (session.current ? void signOut() : setOpened({ kind: 'one', session })),
          })}
          rows={sessions.data?.items}
          keyOf={({ id }) => id}
          empty={
            <EmptyState icon={IconDeviceDesktop} title="No browser is signed in">
              You go on with the token that this page has, until it ends.
            </EmptyState>
          }
        />
      )}
      {opened?.kind === 'one' && (
        <ConfirmWindow
          title="Sign out of that browser?"
          action="Sign out there"
          act={() => end(opened.session)}
          onClose={close}
        >
          {browserName(opened.session.user_agent)}
          {opened.session.ip && ` at ${opened.session.ip}`} is signed out at once, and what the console and
          Swagger UI do there ends.
        </ConfirmWindow>
      )}
      {opened?.kind === 'all' && (
        <ConfirmWindow
          title="Sign out everywhere?"
          action="Sign out everywhere"
          act={signOutEverywhere}
          onClose={close}
        >
          Every browser is signed out, this one too. What you have allowed to applications stays.
        </ConfirmWindow>
      )}
    </Section>
  );
}
