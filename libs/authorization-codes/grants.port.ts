import type { Queryable } from '#database';

/** What a person gives a client. */
export interface NewGrant {
  /** The client row's id. */
  client: string;
  operator: string;
  /** Whose rows its tokens will read. */
  customerId: string;
  scopes: string[];
  /** The resources that its tokens will be for (RFC 8707); null for Postern itself. */
  resources: string[] | null;
  /** When the person signed in. */
  authenticatedAt: Date;
  /** When he showed a second factor last; null: not in this session. */
  secondFactorAt: Date | null;
  createdAt: Date;
}

/** What a client can do now in a person's name, over all the grants that he gave it. */
export interface LiveGrants {
  /** The client row's id. */
  client: string;
  scopes: string[];
  since: Date;
}

/** Port: the authorization grants, which codes belong to and tokens stem from. */
export abstract class Grants {
  /** @returns the grant's id */
  abstract open(transaction: Queryable, grant: NewGrant): Promise<string>;

  /**
   * Ends every grant that a person gave a client, with its codes and tokens.
   * @returns how many access tokens were ended
   */
  abstract endBetween(transaction: Queryable, operator: string, client: string, at: Date): Promise<number>;

  /** Those of a person under which there are live tokens, by client. */
  abstract liveOf(operator: string, at: Date): Promise<LiveGrants[]>;
}
