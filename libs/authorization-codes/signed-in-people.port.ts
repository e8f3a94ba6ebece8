import type { FastifyRequest } from 'fastify';
import type { Role } from '#oauth-protocol';

/** Who is signed in in a browser. */
export interface SignedIn {
  person: { id: string; username: string; role: Role; customerId: string };
  /** When he showed his password. */
  authenticatedAt: Date;
  /** When he showed a second factor last; null: not in this session. */
  secondFactorAt: Date | null;
  /** The session's secret, to bind forms to it (`formToken`): whoever signs in anew has another. */
  secret: string;
}

/** Port: the people who are signed in. */
export abstract class SignedInPeople {
  /** @returns undefined where nobody is, or not any more */
  abstract of(request: FastifyRequest): Promise<SignedIn | undefined>;
}
