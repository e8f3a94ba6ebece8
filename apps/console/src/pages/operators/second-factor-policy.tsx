import { Group, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Role } from '../../session/roles';
import { useSession } from '../../session/session';
import { StatusBadge } from '../../ui/badges';
import { Section } from '../../ui/section';
import { ErrorState } from '../../ui/states';
import { secondFactorPolicy } from './operators';
import { PolicyForm } from './policy-form';

/** Whom a second factor is required of: owners say it, others see it. */
export function SecondFactorPolicy() {
  const { account, can } = useSession();
  const { data, error, refetch } = useQuery(secondFactorPolicy);
  const mayChange = account.role === 'owner' && can('operators:write');
  return (
    <Section
      title="Second factor required for"
      description="Whoever has such a role shows a passkey or a code of an app when he signs in, beside his password."
    >
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!error && !data && <Skeleton height={24} />}
      {data && mayChange && <PolicyForm key={data.required_roles.join()} required={data.required_roles} />}
      {data && !mayChange && <Roles roles={data.required_roles} />}
    </Section>
  );
}

function Roles({ roles }: { roles: readonly Role[] }) {
  if (roles.length === 0) return 'Nobody: it is for each to decide.';
  return (
    <Group gap="xs">
      {roles.map((role) => (
        <StatusBadge key={role} status={role} />
      ))}
    </Group>
  );
}
