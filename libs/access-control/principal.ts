import type { Permissions, Role } from '#oauth-protocol';
import type { RequestOrigin } from './request-origin.js';

/** Who did something, a person by his username: an API application, a person, Postern itself, or somebody who could not say. */
export interface Actor {
  kind: 'client' | 'operator' | 'system' | 'anonymous';
  id: string | null;
}

export const SYSTEM: Actor = { kind: 'system', id: null };
export const ANONYMOUS: Actor = { kind: 'anonymous', id: null };

/** How a token was sent: a refusal answers in the same scheme. */
export type TokenScheme = 'bearer' | 'dpop';

/** A person whom a token speaks for. */
export interface Speaker {
  id: string;
  role: Role;
  /** Whether the token is of Postern's own console or Swagger UI, and not of an application that he allowed something. */
  firstParty: boolean;
}

/** Who calls, proved by a client's credentials or by an access token. */
export interface Principal {
  actor: Actor;
  /** The customer (tenant) whose rows he sees. */
  customerId: string;
  permissions: Permissions;
  /** The API application that authenticated, or that the token belongs to. */
  clientId: string;
  /** The access token he came with; absent for a client that presented its secret. */
  tokenId?: string;
  /** How that was sent. */
  tokenScheme?: TokenScheme;
  /** The person whom the token speaks for, where it came of the authorization code flow. */
  operator?: Speaker;
}

/** A principal together with the request that he made, as audit events want it. */
export interface Caller extends Principal {
  origin: RequestOrigin;
}

/** A caller whose token speaks for a person. */
export type PersonCaller = Caller & Required<Pick<Caller, 'operator'>>;
