import { Badge, Button, Group } from '@mantine/core';
import type { components } from '../../api/schema';
import type { DataColumn } from '../../ui/data-table';
import { TimeText } from '../../ui/time-text';
import { browserName } from './browser-name';

export type BrowserSession = components['schemas']['BrowserSessionDto'];

export function sessionColumns({
  onEnd,
}: {
  onEnd(session: BrowserSession): void;
}): DataColumn<BrowserSession>[] {
  return [
    {
      id: 'browser',
      header: 'Browser',
      cell: ({ user_agent, current }) => (
        <Group gap="xs" wrap="nowrap">
          <span title={user_agent ?? undefined}>{browserName(user_agent)}</span>
          {current && (
            <Badge tt="none" miw="max-content">
              this browser
            </Badge>
          )}
        </Group>
      ),
    },
    { id: 'ip', header: 'Address', cell: ({ ip }) => ip ?? '–' },
    { id: 'signed_in_at', header: 'Signed in', cell: ({ signed_in_at }) => <TimeText at={signed_in_at} /> },
    { id: 'last_seen_at', header: 'Last seen', cell: ({ last_seen_at }) => <TimeText at={last_seen_at} /> },
    { id: 'expires_at', header: 'Ends', cell: ({ expires_at }) => <TimeText at={expires_at} /> },
    {
      id: 'actions',
      header: '',
      align: 'right',
      cell: (session) => (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => onEnd(session)}
          aria-label={
            session.current ? 'Sign out of this browser' : `Sign out of ${browserName(session.user_agent)}`
          }
        >
          Sign out
        </Button>
      ),
    },
  ];
}
