import { Tagged } from '#http-api';
import type { OperatorEntity } from '../operator.entity.js';
import type { OperatorDto } from './operator.dto.js';
import type { SeenOperator } from './seen-operator.js';

/** The wire shape of a person. It names what it shows, so that a hash is never among it. */
export function presentOperator(operator: SeenOperator): OperatorDto {
  return {
    id: operator.id,
    username: operator.username,
    email: operator.email,
    role: operator.role,
    active: operator.active,
    second_factor: operator.hasSecondFactor,
    customer_id: operator.customerId,
    created_at: operator.createdAt,
    updated_at: operator.updatedAt,
    last_signed_in_at: operator.lastSignedInAt,
  };
}

export function operatorETag({ id, version }: Pick<OperatorEntity, 'id' | 'version'>): string {
  return `"${id}.${version}"`;
}

export function taggedOperator(operator: SeenOperator): Tagged<OperatorDto> {
  return new Tagged(presentOperator(operator), operatorETag(operator));
}
