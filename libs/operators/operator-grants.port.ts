import type { RevocationReason } from '#audit-log';
import type { Queryable } from '#database';

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
}
