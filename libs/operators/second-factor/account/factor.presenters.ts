import type { Passkey } from '../passkeys.js';
import type { PasskeyDto } from './own-factors.dto.js';

/** The wire shape of a passkey. */
export function presentPasskey({ id, name, createdAt, lastUsedAt }: Passkey): PasskeyDto {
  return { id, name, created_at: createdAt, last_used_at: lastUsedAt };
}
