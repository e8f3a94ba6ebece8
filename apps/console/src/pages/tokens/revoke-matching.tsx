import { Button } from '@mantine/core';
import { IconBan } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { say, sayError } from '../../ui/act';
import type { RevocationPlan } from './revoke-confirmation';
import { activeTokens, listTokens, type TokenQuery } from './tokens';

/** For more than what is loaded: counts what matches, and plans to revoke all of it. */
export function RevokeMatching({ query, onPlan }: { query: TokenQuery; onPlan(plan: RevocationPlan): void }) {
  const count = useMutation({
    mutationFn: () => listTokens({ ...query, status: 'active', limit: 1, count: true }),
    onSuccess: ({ total = 0 }) => {
      if (total === 0) say('No active token matches: there is nothing to revoke.');
      else onPlan({ total, tokens: () => activeTokens(query) });
    },
    onError: sayError,
  });
  return (
    <Button
      color="red"
      variant="light"
      leftSection={<IconBan size={16} aria-hidden />}
      loading={count.isPending}
      onClick={() => count.mutate()}
    >
      Revoke all that match
    </Button>
  );
}
