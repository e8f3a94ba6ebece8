import type { Queryable } from '#database';
import { challenge } from './challenges.js';
import { Denial } from './denials.js';
import type { Principal, TokenScheme } from './principal.js';

/** How long a second factor that was shown stands for what is asked next, in seconds. */
export const STEP_UP_SECONDS = 5 * 60;

/** Says so in OpenAPI. */
export const STEP_UP_NOTE =
  'A person with a second factor must have shown it within five minutes, else 401 `insufficient_user_authentication` (RFC 9470).';

const CODE = 'insufficient_user_authentication';
const WANTED = `This needs a second factor that was shown within the last ${STEP_UP_SECONDS / 60} minutes.`;

/** RFC 9470 §3: the token is good, but who it speaks for has not shown enough, or not lately. */
class StaleSecondFactor extends Denial {
  constructor(scheme: TokenScheme) {
    super(WANTED, 'a recent second factor', {
      status: 401,
      code: CODE,
      headers: {
        'www-authenticate': challenge(scheme, CODE, WANTED, `, max_age="${STEP_UP_SECONDS}"`),
      },
    });
  }
}

/**
 * Port: whether whoever calls has shown his second factor lately. It binds people who have one, and
 * those whose role requires one; for all others, and for clients, there is nothing to show.
 */
export abstract class StepUp {
  /** @param within the transaction that asks; default: none */
  abstract isRecent(caller: Principal, within?: Queryable): Promise<boolean>;

  /** @throws StaleSecondFactor 401 */
  async require(caller: Principal, within?: Queryable): Promise<void> {
    if (!(await this.isRecent(caller, within))) throw new StaleSecondFactor(caller.tokenScheme ?? 'bearer');
  }

  /**
   * Whoever holds a client or token that may reveal can reveal: to get hold of one takes what a reveal takes.
   * @param scopes of the client or token
   * @throws StaleSecondFactor 401
   */
  async requireToHold(caller: Principal, scopes: readonly string[], within?: Queryable): Promise<void> {
    if (scopes.includes('credentials:reveal')) await this.require(caller, within);
  }
}
