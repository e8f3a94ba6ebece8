import { timeOrderedId } from '#database';
import type { PamUserDto } from './pam-user.dto.js';

/** The row of PAM data that a new user is: that system names no id, and of the rest the least is taken. */
export function rowOf({ username, email, first_name, last_name }: PamUserDto): object {
  return {
    id: timeOrderedId(),
    username,
    email: email ?? null,
    first_name: first_name ?? null,
    last_name: last_name ?? null,
    role: 'user',
    authentication_method: 'local',
    mfa_enabled: false,
    group_ids: [],
    active: true,
    last_login_at: null,
    expires_at: null,
  };
}
