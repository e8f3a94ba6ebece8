import { Injectable } from '@nestjs/common';
import { Configuration } from './configuration.js';

/**
 * Where the outside reaches this server, without a slash at the end: the issuer (RFC 8414 §2) and the
 * base of all its addresses. Where the environment says nothing, it is where the server listens.
 */
@Injectable()
export class PublicUrl {
  private value: string | undefined;

  constructor(configuration: Configuration) {
    this.value = configuration.publicUrl;
  }

  /** Called once, when the server has begun to listen. */
  listensOn(url: string): void {
    this.value ??= url;
  }

  get issuer(): string {
    if (this.value === undefined) throw new Error('The server does not listen yet.');
    return this.value;
  }

  /** Whether browsers reach it by TLS, so that cookies can be held to that. */
  get secure(): boolean {
    return this.issuer.startsWith('https://');
  }
}
