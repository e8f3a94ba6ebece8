import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  AccessTokenVerifier,
  standingFault,
  type RequestOrigin,
  type TokenVerification,
} from '#access-control';
import { Clock } from '#http-api';
import { ClientUsage } from '#usage';
import { judge, TokenRecords } from './token-records.js';
import { TokenUses } from './token-uses.js';

/** What an access token is worth to the guards, from its row, its client's and its person's. */
@Injectable()
export class StoredTokenVerifier extends AccessTokenVerifier implements OnApplicationShutdown {
  constructor(
    private readonly records: TokenRecords,
    private readonly uses: TokenUses,
    private readonly usage: ClientUsage,
    private readonly clock: Clock,
  ) {
    super();
  }

  /**
   * 1. Its shape is right and it is on record, else it was never issued here.
   * 2. It is worth something now (`judge`).
   * 3. Its client may act from this address.
   */
  async verify(token: string, origin: RequestOrigin): Promise<TokenVerification> {
    const record = await this.records.find(token);
    if (!record) return { status: 'unknown' };
    const now = this.clock.now();
    const verification = judge(record, now);
    if (verification.status !== 'active') return verification;
    const reason = standingFault(record.client!, now, origin.ip);
    if (reason) {
      const { status: _, scopes: __, ...identity } = verification;
      return { ...identity, status: 'revoked', reason };
    }
    const { id, client, clientId } = record.token;
    this.uses.note(id, { client, at: now, ip: origin.ip });
    this.usage.admitted(clientId);
    return verification;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.uses.close();
  }
}
