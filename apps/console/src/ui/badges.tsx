import { Badge } from '@mantine/core';

const COLORS: Record<string, string> = {
  active: 'teal',
  success: 'teal',
  expired: 'gray',
  inactive: 'gray',
  revoked: 'red',
  failure: 'red',
};

/** A state in a word; the colour says it a second time. */
export function StatusBadge({ status }: { status: string }) {
  return (
    <Badge variant="light" color={COLORS[status] ?? 'gate'} tt="none" fw={600} miw="max-content">
      {status}
    </Badge>
  );
}

/** A few of many scopes; the rest are counted. */
export function ScopeBadges({
  scopes,
  most = 3,
  oneLine,
}: {
  scopes: readonly string[];
  most?: number;
  /** Where rows are all of one height. */
  oneLine?: boolean;
}) {
  const rest = scopes.slice(most);
  return (
    <span
      style={{
        display: 'inline-flex',
        gap: 4,
        flexWrap: oneLine ? 'nowrap' : 'wrap',
        minWidth: oneLine ? '8.5rem' : '9.5rem',
      }}
    >
      {scopes.slice(0, most).map((scope) => (
        <Badge key={scope} variant="default" tt="none" fw={500} className="mono" title={scope}>
          {scope}
        </Badge>
      ))}
      {rest.length > 0 && (
        <Badge variant="default" tt="none" fw={500} title={rest.join(', ')} style={{ flexShrink: 0 }}>
          +{rest.length}
        </Badge>
      )}
    </span>
  );
}
