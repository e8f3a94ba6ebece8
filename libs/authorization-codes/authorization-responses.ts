import { Injectable } from '@nestjs/common';
import { PublicUrl } from '#configuration';
import { SeeOther } from '#http-api';
import { redirectUriWith, type OAuthError } from '#oauth-protocol';
import { Metrics, type Counter } from '#observability';

/** Where an authorization request is answered, client and redirect URI being beyond doubt. */
export interface AnswerAddress {
  redirectUri: string;
  /** Comes back exactly as it was sent. */
  state: string | null;
}

/** The answers that go to the client through the browser; each names its issuer (RFC 9207 §2). */
@Injectable()
export class AuthorizationResponses {
  private readonly answers: Counter;

  constructor(
    private readonly publicUrl: PublicUrl,
    metrics: Metrics,
  ) {
    this.answers = metrics.counter({
      name: 'postern_authorizations_total',
      help: 'Authorization requests by how they ended: in a code, or in an error by its code.',
      labels: ['outcome'],
    });
  }

  /** RFC 6749 §4.1.2. */
  code(to: AnswerAddress, code: string): SeeOther {
    this.answers.add('code');
    return this.redirect(to, { code });
  }

  /** RFC 6749 §4.1.2.1. */
  error(to: AnswerAddress, error: OAuthError): SeeOther {
    this.answers.add(error.code);
    return this.redirect(to, { error: error.code, error_description: describable(error.description) });
  }

  private redirect({ redirectUri, state }: AnswerAddress, parameters: Record<string, string>): SeeOther {
    return new SeeOther(redirectUriWith(redirectUri, { ...parameters, state, iss: this.publicUrl.issuer }));
  }
}

/** RFC 6749 §4.1.2.1: `error_description` is of `%x20-21 / %x23-5B / %x5D-7E`. */
function describable(description: string): string {
  return description.replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?');
}
