const DAY_MS = 86_400_000;
const SOON_DAYS = 7;
const STALE_DAYS = 30;

/** Questions that one comes to the tokens with. */
export interface View {
  value: string;
  label: string;
  description: string;
  /** What the list is sorted by, as it is chosen. */
  sort: string | null;
  /** What the view asks of the API. */
  query(now: number): Readonly<Record<string, string>>;
}

export const VIEWS: readonly View[] = [
  {
    value: 'all',
    label: 'All',
    description: 'Every token on record, those that ended too.',
    sort: null,
    query: () => ({}),
  },
  {
    value: 'expiring',
    label: 'Expiring soon',
    description: `Active, and at an end within ${SOON_DAYS} days.`,
    sort: 'expires_at',
    query: (now) => ({ status: 'active', expires_before: at(now + SOON_DAYS * DAY_MS) }),
  },
  {
    value: 'unused',
    label: 'Never used',
    description: 'Active, and not used once.',
    sort: null,
    query: () => ({ status: 'active', used: 'false' }),
  },
  {
    value: 'stale',
    label: 'Stale',
    description: `Active, and not used for ${STALE_DAYS} days or more.`,
    sort: 'last_used_at',
    query: (now) => ({ status: 'active', last_used_before: at(now - STALE_DAYS * DAY_MS) }),
  },
];

function at(time: number): string {
  return new Date(time).toISOString();
}
