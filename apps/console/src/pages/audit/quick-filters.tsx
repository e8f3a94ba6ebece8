import { Button, Group, Pill } from '@mantine/core';
import type { ListState } from '../../ui/list-state';

const VIEWS = [
  { label: 'Everything', filters: { type: null, outcome: null } },
  { label: 'Refusals', filters: { type: null, outcome: 'failure' } },
  { label: 'Expired-token calls', filters: { type: 'access_token.expired_use', outcome: null } },
  { label: 'Failed sign-ins', filters: { type: 'operator.sign_in_failed', outcome: null } },
] as const;

/** What people come for, one click away; and a filter that no column shows. */
export function QuickFilters({ state }: { state: ListState }) {
  const { type = null, outcome = null, token_id } = state.filters;
  return (
    <Group gap="xs">
      {VIEWS.map(({ label, filters }) => {
        const chosen = filters.type === type && filters.outcome === outcome;
        return (
          <Button
            key={label}
            size="xs"
            radius="xl"
            variant={chosen ? 'light' : 'default'}
            aria-pressed={chosen}
            onClick={() => state.setFilters(filters)}
          >
            {label}
          </Button>
        );
      })}
      {token_id && (
        <Pill
          withRemoveButton
          removeButtonProps={{ 'aria-label': 'Do not filter by token' }}
          onRemove={() => state.setFilters({ token_id: null })}
        >
          Token {token_id}
        </Pill>
      )}
    </Group>
  );
}
