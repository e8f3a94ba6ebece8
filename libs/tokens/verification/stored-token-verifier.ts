import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  AccessTokenVerifier,
  standingFault,
  type ActiveToken,
  type RequestOrigin,
  type TokenVerification,
} from '#access-control';
import { PublicUrl } from '#configuration';
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
    private readonly publicUrl: PublicUrl,
    private readonly clock: Clock,
  ) {
    super();
  }

  /**
   * 1. Its shape is right and it is on record, else it was never issued here.
   * 2. It is worth something now (`judge`).
   * 3. It is for Postern itself (RFC 8707 §3), and its client may act from this address.
   */
  async verify(token: string, origin: RequestOrigin): Promise<TokenVerification> {
    const record = await this.records.find(token);
    if (!record) return { status: 'unknown' };
    const now = this.clock.now();
    const verification = judge(record, now);
    if (verification.status !== 'active') return verification;
    const { audience } = record.token;
    const isForUs = audience === null || audience.includes(this.publicUrl.issuer);
    const reason = isForUs ? standingFault(record.client!, now, origin.ip) : 'other_resource';
    if (!reason) return verification;
    const { tokenId, client, clientId, customerId, actor, operator } = verification;
    return { tokenId, client, clientId, customerId, actor, operator, status: 'revoked', reason };
  }

  noteUse({ tokenId, client, clientId }: ActiveToken, { ip }: RequestOrigin): void {
    this.uses.note(tokenId, { client, at: this.clock.now(), ip });
    this.usage.admitted(clientId);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.uses.close();
  }
}
