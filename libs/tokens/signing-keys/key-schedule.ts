import { ACCESS_TOKEN_SIGNING_ALGS, type AccessTokenSigningAlg } from '#oauth-protocol';

const HOUR_MS = 3_600_000;

/** How long a key signs. Nothing asks for fewer days: what a key signs is on record, and can be revoked. */
export const ROTATION_MS = 90 * 24 * HOUR_MS;

/**
 * How long a key is published before it signs. Whoever verifies offline keeps the JWKS for
 * `JWKS_MAX_AGE` of ours, and some libraries and proxies for hours of their own.
 */
export const LEAD_MS = 24 * HOUR_MS;

/** Seconds that a copy of the JWKS may be used; far less than the lead. */
export const JWKS_MAX_AGE = 300;

/** How far the clocks of instances may be apart, and how long storing a token may take. */
export const MARGIN_MS = 120_000;

/** A key by when it signs. */
export interface ScheduledKey {
  kid: string;
  alg: AccessTokenSigningAlg;
  signsFrom: Date;
}

/** The keys of an algorithm, the newest first. */
function newestFirst<Key extends ScheduledKey>(keys: readonly Key[], alg: AccessTokenSigningAlg): Key[] {
  return keys
    .filter((key) => key.alg === alg)
    .toSorted((a, b) => b.signsFrom.getTime() - a.signsFrom.getTime() || (a.kid < b.kid ? -1 : 1));
}

/**
 * The newest one whose time has come. Where this instance's clock is behind the one that made the
 * first key, that first key.
 */
export function signingKeyOf<Key extends ScheduledKey>(
  keys: readonly Key[],
  alg: AccessTokenSigningAlg,
  now: Date,
): Key | undefined {
  const candidates = newestFirst(keys, alg);
  return candidates.find(({ signsFrom }) => signsFrom <= now) ?? candidates.at(-1);
}

/** The keys to make now: one that signs at once where there is none, the next one where the last grows old. */
export function dueKeys(
  keys: readonly ScheduledKey[],
  now: Date,
): { alg: AccessTokenSigningAlg; signsFrom: Date }[] {
  return ACCESS_TOKEN_SIGNING_ALGS.flatMap((alg) => {
    const [newest] = newestFirst(keys, alg);
    if (!newest) return [{ alg, signsFrom: now }];
    if (now.getTime() - newest.signsFrom.getTime() < ROTATION_MS - LEAD_MS) return [];
    return [{ alg, signsFrom: new Date(now.getTime() + LEAD_MS) }];
  });
}

/** A key that signs no more, and when the tokens were issued that it may have signed. */
export interface SupersededKey {
  kid: string;
  from: Date;
  until: Date;
}

export function supersededKeys(keys: readonly ScheduledKey[], now: Date): SupersededKey[] {
  return ACCESS_TOKEN_SIGNING_ALGS.flatMap((alg) => {
    const sorted = newestFirst(keys, alg);
    return sorted.slice(1).map((key, index) => ({
      kid: key.kid,
      from: new Date(key.signsFrom.getTime() - MARGIN_MS),
      until: new Date(sorted[index]!.signsFrom.getTime() + MARGIN_MS),
    }));
  }).filter(({ until }) => until <= now);
}
