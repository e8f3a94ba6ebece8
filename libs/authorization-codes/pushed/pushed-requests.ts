import { Injectable } from '@nestjs/common';
import { Database, timeOrderedId } from '#database';
import { Clock, FormParameters } from '#http-api';
import { generateSecret, REQUEST_URI, sha256 } from '#oauth-protocol';

/** RFC 9126 §2.2: how long a browser has to come with it, in seconds; some minutes are too long (FAPI 2.0 §5.3.2.2). */
export const PUSHED_LIFETIME = 90;

/** The requests that clients pushed, each good once. Whoever has its `request_uri` has it: that is stored as its SHA-256. */
@Injectable()
export class PushedRequests {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @returns the `request_uri` */
  async keep(client: { id: string }, parameters: FormParameters): Promise<string> {
    const requestUri = generateSecret(REQUEST_URI);
    const now = this.clock.now();
    await this.database.query(
      `INSERT INTO pushed_authorization_requests (id, uri_hash, client, parameters, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        timeOrderedId(),
        sha256(requestUri),
        client.id,
        parameters.toString(),
        now,
        new Date(now.getTime() + PUSHED_LIFETIME * 1000),
      ],
    );
    return requestUri;
  }

  /**
   * Spends a request, by one statement. Another client's is left as it is.
   * @returns undefined where there is none of this client's: it was spent, is late, or was never pushed
   */
  async take(requestUri: string, clientId: string): Promise<FormParameters | undefined> {
    const { rows } = await this.database.query<{ parameters: string; expiresAt: Date }>(
      `DELETE FROM pushed_authorization_requests p USING clients c
       WHERE p.uri_hash = $1 AND c.id = p.client AND c.client_id = $2
       RETURNING p.parameters, p.expires_at AS "expiresAt"`,
      [sha256(requestUri), clientId],
    );
    if (!rows[0] || this.clock.now() >= rows[0].expiresAt) return undefined;
    return FormParameters.parse(rows[0].parameters);
  }
}
