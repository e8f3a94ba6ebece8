import { useQuery } from '@tanstack/react-query';
import { useSession } from '../../session/session';
import { distanceText, plural } from '../../ui/time-text';
import {
  applicationCount,
  DAY_MS,
  ENDING_APPLICATIONS,
  NAMED,
  REFUSALS,
  tokenCount,
} from './overview-queries';

/** One sentence, whose beginning is a link. */
export interface Concern {
  kind: 'refusal' | 'warning' | 'note';
  link: string;
  rest: string;
  to: string;
}

const SOON_MS = 7 * DAY_MS;
const STALE_MS = 30 * DAY_MS;

const inTime = (milliseconds: number, now: number) => new Date(now + milliseconds).toISOString();

/** Those of an hour come and go by themselves; what was handed out is somebody's, who must be told. */
const EXPIRING = tokenCount('expiring', (now) => ({
  status: 'active',
  grant_type: 'operator',
  expires_before: inTime(SOON_MS, now),
}));
const UNUSED = tokenCount('unused', () => ({ status: 'active', grant_type: 'operator', used: false }));
const STALE = tokenCount('stale', (now) => ({ status: 'active', last_used_before: inTime(-STALE_MS, now) }));
const INACTIVE = applicationCount({ active: false });

/** Why calls were refused, as the end of “12 calls”. */
const REASONS: Record<string, string> = {
  'access_token.expired_use': 'came with expired tokens',
  'access_token.revoked_use': 'came with revoked tokens, or tokens of applications that may not call',
  'access_token.unknown_use': 'came with tokens that Postern does not know',
  'access_token.scope_denied': 'lacked a scope',
  'client_authentication.failed': 'came with wrong credentials of an application',
  'authorization_code.replayed': 'replayed a code',
  'refresh_token.replayed': 'replayed a refresh token',
};

/** What the person may see of what somebody should look at. */
export function useAttention() {
  const { can } = useSession();
  const [tokens, clients, audit] = ['tokens:read', 'clients:read', 'audit:read'].map(can);
  const refusals = useQuery({ ...REFUSALS, enabled: audit });
  const expiring = useQuery({ ...EXPIRING, enabled: tokens });
  const unused = useQuery({ ...UNUSED, enabled: tokens });
  const stale = useQuery({ ...STALE, enabled: tokens });
  const ending = useQuery({ ...ENDING_APPLICATIONS, enabled: clients });
  const inactive = useQuery({ ...INACTIVE, enabled: clients });
  const queries = [refusals, expiring, unused, stale, ending, inactive];
  const failed = queries.filter(({ isError }) => isError);
  const concerns: Concern[] = [
    ...(refusals.data?.totals ?? []).map(([type, count]) => refusal(type, count, refusals.data!.from)),
    ...ofTokens(
      expiring.data,
      'handed-out token',
      'within 7 days.',
      ['expires', 'expire'],
      'view=expiring&grant_type=operator',
    ),
    ...(ending.data?.items ?? []).map(({ name, client_id, valid_until }) =>
      endingApplication(name, client_id, valid_until!, ending.dataUpdatedAt),
    ),
    ...more(ending.data?.total),
    ...ofTokens(
      unused.data,
      'handed-out token',
      'never used.',
      ['was', 'were'],
      'view=unused&grant_type=operator',
    ),
    ...ofTokens(stale.data, 'live token', 'not used for 30 days or more.', ['was', 'were'], 'view=stale'),
    ...ofApplications(inactive.data),
  ];
  return {
    concerns,
    loading: queries.some(({ isLoading }) => isLoading),
    error: failed[0]?.error ?? null,
    retry: () => void Promise.all(failed.map(({ refetch }) => refetch())),
  };
}

function refusal(type: string, count: number, from: string): Concern {
  const to = `/audit?${new URLSearchParams({ type, from })}`;
  if (type === 'operator.sign_in_failed')
    return { kind: 'refusal', link: plural(count, 'sign-in'), rest: 'failed in the last 24 hours.', to };
  if (type === 'operator.locked')
    return {
      kind: 'refusal',
      link: `Sign-ins were held off ${plural(count, 'time')}`,
      rest: 'in the last 24 hours.',
      to,
    };
  const rest = `${REASONS[type] ?? 'were refused'} in the last 24 hours.`;
  return { kind: 'refusal', link: plural(count, 'call'), rest, to };
}

function ofTokens(
  count: number | undefined,
  noun: string,
  rest: string,
  [one, many]: [string, string],
  search: string,
): Concern[] {
  if (!count) return [];
  return [
    {
      kind: 'warning',
      link: plural(count, noun),
      rest: `${count === 1 ? one : many} ${rest}`,
      to: `/tokens?${search}`,
    },
  ];
}

function endingApplication(name: string, clientId: string, validUntil: string, now: number): Concern {
  const distance = Date.parse(validUntil) - now;
  return {
    kind: 'warning',
    link: name,
    rest: `${distance < 0 ? 'is switched on, but stopped being valid' : 'stops being valid'} ${distanceText(distance)}.`,
    to: `/applications/${encodeURIComponent(clientId)}`,
  };
}

function more(total = 0): Concern[] {
  if (total <= NAMED) return [];
  const rest = 'end within 7 days, or have ended.';
  return [
    {
      kind: 'warning',
      link: `${plural(total - NAMED, 'more application')}`,
      rest,
      to: '/applications?active=true',
    },
  ];
}

function ofApplications(inactive: number | undefined): Concern[] {
  if (!inactive) return [];
  return [
    {
      kind: 'note',
      link: plural(inactive, 'application'),
      rest: `${inactive === 1 ? 'is' : 'are'} not active.`,
      to: '/applications?active=false',
    },
  ];
}
