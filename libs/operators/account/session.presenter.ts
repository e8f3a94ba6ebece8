import type { OwnSession } from '../sign-in/sessions.js';
import type { BrowserSessionDto } from './account.dto.js';

/** The wire shape of a session; its token is not among what it names. */
export function presentSession(session: OwnSession): BrowserSessionDto {
  return {
    id: session.id,
    signed_in_at: session.authenticatedAt,
    last_seen_at: session.lastSeenAt,
    expires_at: session.expiresAt,
    ip: session.ip,
    user_agent: session.userAgent,
    current: session.current,
  };
}
