import { Injectable } from '@nestjs/common';
import { Database, selectColumns, type Queryable } from '#database';
import { ConsentEntity } from '../consent.entity.js';

const COLUMNS = selectColumns(ConsentEntity, 'c');

/** What people allowed clients once, so that they need not be asked again for as much or less. */
@Injectable()
export class RememberedConsents {
  constructor(private readonly database: Database) {}

  /** Whether a person has allowed a client all of these scopes. */
  async cover(
    operator: string,
    client: string,
    scopes: readonly string[],
    queryable: Queryable = this.database,
  ): Promise<boolean> {
    const { rows } = await queryable.query(
      'SELECT 1 FROM consents WHERE operator = $1 AND client = $2 AND scopes @> $3::text[]',
      [operator, client, scopes],
    );
    return rows.length === 1;
  }

  /** Adds to what was allowed before. */
  async remember(
    transaction: Queryable,
    operator: string,
    client: string,
    scopes: readonly string[],
    at: Date,
  ): Promise<void> {
    await transaction.query(
      `INSERT INTO consents (operator, client, scopes, given_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (operator, client) DO UPDATE SET given_at = EXCLUDED.given_at,
         scopes = ARRAY(SELECT DISTINCT scope FROM unnest(consents.scopes || EXCLUDED.scopes) AS scope ORDER BY scope)`,
      [operator, client, scopes, at],
    );
  }

  async of(operator: string): Promise<ConsentEntity[]> {
    const { rows } = await this.database.query<ConsentEntity>(
      `SELECT ${COLUMNS} FROM consents c WHERE c.operator = $1 ORDER BY c.given_at DESC, c.client`,
      [operator],
    );
    return rows;
  }

  /** @returns whether there was one */
  async forget(transaction: Queryable, operator: string, client: string): Promise<boolean> {
    const { rowCount } = await transaction.query('DELETE FROM consents WHERE operator = $1 AND client = $2', [
      operator,
      client,
    ]);
    return rowCount === 1;
  }
}
