import type { Condition } from '#http-api';
import type { Principal } from './principal.js';

/**
 * Which customers' rows a caller reaches: his own, or all with `customers:read` (to see) or
 * `customers:write` (to change).
 * @returns the one customer, or undefined for all
 */
export function reachOf(principal: Principal, to: 'see' | 'change'): string | undefined {
  const { permissions } = principal;
  const all =
    permissions.includes('customers:write') || (to === 'see' && permissions.includes('customers:read'));
  return all ? undefined : principal.customerId;
}

/** The same as conditions of a list. */
export function withinReach(principal: Principal, column: string): Condition[] {
  const customerId = reachOf(principal, 'see');
  return customerId === undefined ? [] : [(parameters) => `${column} = ${parameters.add(customerId)}`];
}
