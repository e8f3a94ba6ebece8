import { selectColumns } from '#database';
import { OperatorEntity } from '../operator.entity.js';
import { hasFactorSql } from '../second-factor/factor-standing.js';

/** A person as those see him who administer people. */
export interface SeenOperator extends OperatorEntity {
  hasSecondFactor: boolean;
}

/** The columns of one, of `operators o`. */
export const SEEN_OPERATOR_COLUMNS = `${selectColumns(OperatorEntity, 'o')}, ${hasFactorSql('o.id')} AS "hasSecondFactor"`;
