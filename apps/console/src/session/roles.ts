import type { components } from '../api/schema';

export type Role = components['schemas']['OperatorDto']['role'];

/** From the least to the most, each with what it may do, in words. */
const ROLES: Record<Role, string> = {
  user: 'Signs in, and allows applications to read PAM data in his name. Changes nothing here.',
  auditor: 'Sees everything: applications, tokens, people and the audit log. Changes nothing.',
  admin: 'Registers applications, hands out and revokes tokens, keeps scopes, reads the audit log.',
  owner: 'Does everything, and decides who else may do what.',
};
const NAMES = Object.keys(ROLES) as Role[];

export function roleInWords(role: Role): string {
  return ROLES[role];
}

export function isAbove(role: Role, other: Role): boolean {
  return NAMES.indexOf(role) > NAMES.indexOf(other);
}

/** Those that somebody of this role may give: nobody makes one who is above him. */
export function rolesUpTo(own: Role): Role[] {
  return NAMES.filter((role) => !isAbove(role, own));
}
