import type { RevocationReason } from '#audit-log';
import type { Queryable } from '#database';

/** Which of a person's sign-ins: all, the one at a time, or all but the one that an access token came of. */
export type SignIns = 'all' | { at: Date } | { allBut: string };

/** Port: what stems from a person, for when he goes. */
export abstract class OperatorGrants {
  /**
   * Ends all authorization grants of a person, with their codes and tokens, within the transaction
   * that removes or deactivates him.
   * @returns how many access tokens were ended
   */
  abstract endAll(
    transaction: Queryable,
    operator: string,
    at: Date,
    reason: Extract<RevocationReason, 'person_deactivated' | 'person_deleted'>,
  ): Promise<number>;

  /**
   * Ends what Postern's own console and Swagger UI got by a person's signing in, within the transaction
   * that holds his row. What he allowed applications stays.
   * @returns how many access tokens were ended
   */
  abstract endFirstParty(transaction: Queryable, operator: string, at: Date, of: SignIns): Promise<number>;

  /**
   * Notes that a person showed his second factor, for all that came of the same grant as an access token,
   * within the transaction that holds his row.
   * @param accessToken its id
   * @returns when he signed in; undefined where that has been ended
   */
  abstract noteSecondFactor(transaction: Queryable, accessToken: string, at: Date): Promise<Date | undefined>;

  /** When he showed it last, for what came of the same grant as an access token; null: never. */
  abstract secondFactorAt(accessToken: string): Promise<Date | null>;
}
