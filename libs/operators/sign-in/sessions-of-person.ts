import type { Transaction } from '#database';

/** What is done to all sessions of a person at once, within the transaction that holds his row. */

/** Ends them. */
export async function endSessionsOf(transaction: Transaction, operator: string): Promise<void> {
  await transaction.query('DELETE FROM operator_sessions WHERE operator = $1', [operator]);
}

/** Ends them but for those of one sign-in, by its time. */
export async function endSessionsBut(
  transaction: Transaction,
  operator: string,
  signedInAt: Date,
): Promise<void> {
  await transaction.query('DELETE FROM operator_sessions WHERE operator = $1 AND authenticated_at <> $2', [
    operator,
    signedInAt,
  ]);
}

/** Notes that he showed his second factor, in those of one sign-in. */
export async function noteSecondFactorIn(
  transaction: Transaction,
  operator: string,
  { signedInAt, at }: { signedInAt: Date; at: Date },
): Promise<void> {
  await transaction.query(
    'UPDATE operator_sessions SET second_factor_at = $3 WHERE operator = $1 AND authenticated_at = $2',
    [operator, signedInAt, at],
  );
}
