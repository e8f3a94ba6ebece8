import { Button, Group, List, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useApplicationNames } from '../../api/application-names';
import { plural } from '../../ui/time-text';
import type { Token } from './tokens';

/** So many applications are named; the rest are counted. */
const MOST_NAMED = 8;

export interface RevocationPlan {
  total: number;
  tokens(): Iterable<Token> | AsyncIterable<Token>;
  /** How many are whose; where only the server knows, undefined. */
  byApplication?: ReadonlyMap<string, number>;
  /** Of those that were chosen, how many have ended already. */
  ended?: number;
}

/** What will happen, to how many, and whose. More than anybody has looked at wants the number typed. */
export function RevokeConfirmation({
  plan: { total, byApplication, ended = 0 },
  onConfirm,
  onCancel,
}: {
  plan: RevocationPlan;
  onConfirm(): void;
  onCancel(): void;
}) {
  const [typed, setTyped] = useState('');
  const certain = byApplication !== undefined || typed.replaceAll(/\D/g, '') === String(total);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (certain) onConfirm();
      }}
    >
      <Stack gap="md">
        <Text size="sm">
          {total === 1 ? 'It is' : 'They are'} refused from the next call on. This cannot be undone.
        </Text>
        {byApplication ? (
          <Applications counts={byApplication} />
        ) : (
          <>
            <Text size="sm">
              These are all active tokens that match the list’s filters, of every application, whether you
              have seen them or not. Tokens of people who are signed in to the console are among them, and are
              renewed by themselves.
            </Text>
            <TextInput
              label={`Type ${total} to go on`}
              inputMode="numeric"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              data-autofocus
            />
          </>
        )}
        {ended > 0 && (
          <Text size="sm" c="dimmed">
            {plural(ended, 'token')} of your choice {ended === 1 ? 'has' : 'have'} ended already, and{' '}
            {ended === 1 ? 'needs' : 'need'} no revoking.
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" color="red" disabled={!certain || total === 0}>
            Revoke {plural(total, 'token')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Applications({ counts }: { counts: ReadonlyMap<string, number> }) {
  const names = useApplicationNames();
  const all = [...counts].toSorted(([, one], [, other]) => other - one);
  const rest = all.slice(MOST_NAMED);
  return (
    <List size="sm" aria-label="Whose they are">
      {all.slice(0, MOST_NAMED).map(([clientId, count]) => (
        <List.Item key={clientId}>
          {names?.get(clientId) ?? clientId}: {plural(count, 'token')}
        </List.Item>
      ))}
      {rest.length > 0 && <List.Item>and {plural(rest.length, 'more application')}</List.Item>}
    </List>
  );
}
