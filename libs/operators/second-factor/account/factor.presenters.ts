import type { Passkey } from '../passkeys.js';
import type { Totp } from '../totps.js';
import type { PasskeyDto, TotpDto } from './own-factors.dto.js';

/** The wire shape of a passkey. */
export function presentPasskey({ id, name, createdAt, lastUsedAt }: Passkey): PasskeyDto {
  return { id, name, created_at: createdAt, last_used_at: lastUsedAt };
}

/** The wire shape of the app that shows codes. */
export function presentTotp({ createdAt, lastUsedAt }: Totp): TotpDto {
  return { created_at: createdAt, last_used_at: lastUsedAt };
}
