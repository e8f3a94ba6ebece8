import { useSession } from '../../session/session';
import { ScopeBadges } from '../../ui/badges';
import { Section } from '../../ui/section';

export function OwnScopes() {
  const { scopes } = useSession().account;
  return (
    <Section title="Scopes" description="What you may do here, as your role gives it.">
      <ScopeBadges scopes={scopes} most={scopes.length} />
    </Section>
  );
}
