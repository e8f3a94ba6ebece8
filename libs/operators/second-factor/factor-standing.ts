import { Injectable } from '@nestjs/common';
import type { Queryable } from '#database';

/** Where a person stands: what he could show, and whether he has to. */
export interface Standing {
  passkeys: number;
  totp: boolean;
  /** Whether he has a factor at all; recovery codes are none, they only stand in for one. */
  enrolled: boolean;
  /** Whether his role requires one. */
  required: boolean;
}

/** Whether a person, by a column with his id, has a second factor. */
export const hasFactorSql = (operator: string): string =>
  `(EXISTS (SELECT FROM operator_passkeys f WHERE f.operator = ${operator})
    OR EXISTS (SELECT FROM operator_totps f WHERE f.operator = ${operator}))`;

/** Whether a role, by its column, requires one. */
export const requiresFactorSql = (role: string): string =>
  `EXISTS (SELECT FROM second_factor_policies p WHERE p.role = ${role})`;

@Injectable()
export class FactorStandings {
  /** Of one who is there; it stays so where the transaction holds his row. */
  async of(queryable: Queryable, operator: string): Promise<Standing> {
    const { rows } = await queryable.query<Omit<Standing, 'enrolled'>>(
      `SELECT (SELECT count(*)::integer FROM operator_passkeys f WHERE f.operator = o.id) AS passkeys,
         EXISTS (SELECT FROM operator_totps f WHERE f.operator = o.id) AS totp,
         ${requiresFactorSql('o.role')} AS required
       FROM operators o WHERE o.id = $1`,
      [operator],
    );
    const standing = rows[0] ?? { passkeys: 0, totp: false, required: false };
    return { ...standing, enrolled: standing.totp || standing.passkeys > 0 };
  }
}
