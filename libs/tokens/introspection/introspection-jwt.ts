import { Injectable } from '@nestjs/common';
import { PublicUrl } from '#configuration';
import { Clock } from '#http-api';
import { SigningKeys } from '../signing-keys/signing-keys.js';
import type { IntrospectionDto } from './introspection.dto.js';

/** RFC 9701 §4. */
export const INTROSPECTION_JWT = 'application/token-introspection+jwt';
export const INTROSPECTION_ALG = 'ES256';

/** Answers about tokens that whoever asked can show to others later: signed, by RFC 9701. */
@Injectable()
export class IntrospectionJwt {
  constructor(
    private readonly keys: SigningKeys,
    private readonly publicUrl: PublicUrl,
    private readonly clock: Clock,
  ) {}

  /**
   * RFC 9701 §5. It has neither `sub` nor `exp`, so that it cannot stand for a token (§8.1).
   * @param clientId who asked
   */
  async of(answer: IntrospectionDto, clientId: string): Promise<string> {
    const signer = await this.keys.signer(INTROSPECTION_ALG);
    return signer.sign('token-introspection+jwt', {
      iss: this.publicUrl.issuer,
      aud: clientId,
      iat: Math.floor(this.clock.now().getTime() / 1000),
      token_introspection: answer,
    });
  }
}
