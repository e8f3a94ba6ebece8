import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
  WebAuthnCredential,
} from '@simplewebauthn/server';
import { PublicUrl } from '#configuration';
import { withoutAttestation } from './attestation.js';

/** How long a browser waits for its person, in milliseconds. */
const TIMEOUT_MS = 5 * 60 * 1000;

/** A passkey as it is allowed, or to be left out. */
export interface KnownCredential {
  /** In base64url. */
  id: string;
  transports: string[];
}

/** What a browser has just made. */
export interface NewCredential extends KnownCredential {
  publicKey: Buffer;
  signCount: number;
}

/**
 * Postern as browsers know it (Web Authentication Level 3): passkeys belong to the host name of its
 * public address. Which maker's a passkey is, nobody asks and nobody looks at.
 */
@Injectable()
export class RelyingParty {
  constructor(private readonly publicUrl: PublicUrl) {}

  /** Why browsers make no passkeys for this address, in words for whoever wants one; null where they do. */
  get impossibleBecause(): string | null {
    const { protocol, hostname } = new URL(this.publicUrl.issuer);
    if (isIP(hostname.replaceAll(/[[\]]/g, '')) > 0)
      return `A passkey belongs to a host name, and people reach this server by an IP address (${hostname}). POSTERN_PUBLIC_URL gives it a name.`;
    if (protocol !== 'https:' && hostname !== 'localhost')
      return 'Browsers make passkeys for addresses with https alone. POSTERN_PUBLIC_URL says how people reach this server.';
    return null;
  }

  /** What `navigator.credentials.create` takes. */
  async creationOptions(
    person: { id: string; username: string },
    challenge: string,
    known: KnownCredential[],
  ): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { generateRegistrationOptions } = await webAuthn();
    return generateRegistrationOptions({
      rpName: 'Postern',
      rpID: this.id,
      userID: new Uint8Array(Buffer.from(person.id.replaceAll('-', ''), 'hex')),
      userName: person.username,
      userDisplayName: person.username,
      challenge: bytesOf(challenge),
      timeout: TIMEOUT_MS,
      attestationType: 'none',
      excludeCredentials: known,
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    });
  }

  /** What `navigator.credentials.get` takes. */
  async requestOptions(
    challenge: string,
    allowed: KnownCredential[],
  ): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const { generateAuthenticationOptions } = await webAuthn();
    return generateAuthenticationOptions({
      rpID: this.id,
      challenge: bytesOf(challenge),
      timeout: TIMEOUT_MS,
      allowCredentials: allowed,
      userVerification: 'preferred',
    });
  }

  /** @returns undefined for what is no answer to this challenge, from a page of ours, to this host's name */
  async created(response: unknown, challenge: string): Promise<NewCredential | undefined> {
    const { verifyRegistrationResponse } = await webAuthn();
    try {
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response: await withoutAttestation(response as RegistrationResponseJSON),
        ...this.expected(challenge),
      });
      if (!verified) return undefined;
      const { id, publicKey, counter, transports } = registrationInfo.credential;
      if (Buffer.byteLength(id, 'base64url') > MAX_ID_BYTES) return undefined;
      const known = Array.isArray(transports) ? transports : [];
      return {
        id,
        publicKey: Buffer.from(publicKey),
        signCount: counter,
        transports: known.filter((one) => TRANSPORT.test(one)).slice(0, MAX_TRANSPORTS),
      };
    } catch {
      // Whatever it holds, it came from outside: the library says by throwing that it is no good.
      return undefined;
    }
  }

  /**
   * Whether an assertion is a passkey's answer to this challenge.
   * @returns its count of signatures, for whoever keeps it to compare; undefined where it is not
   */
  async asserted(
    response: unknown,
    challenge: string,
    { id, publicKey }: { id: string; publicKey: Buffer },
  ): Promise<number | undefined> {
    const { verifyAuthenticationResponse } = await webAuthn();
    const credential: WebAuthnCredential = { id, publicKey: new Uint8Array(publicKey), counter: 0 };
    try {
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: response as AuthenticationResponseJSON,
        credential,
        ...this.expected(challenge),
      });
      return verified ? authenticationInfo.newCounter : undefined;
    } catch {
      return undefined;
    }
  }

  private get id(): string {
    return new URL(this.publicUrl.issuer).hostname;
  }

  /** A password was shown before: that the person is there is enough, as with a key without a PIN. */
  private expected(challenge: string) {
    const expectedOrigin = new URL(this.publicUrl.issuer).origin;
    return {
      expectedChallenge: challenge,
      expectedOrigin,
      expectedRPID: this.id,
      requireUserVerification: false,
    };
  }
}

/** WebAuthn §7.1, step 25. No index holds much longer ones. */
const MAX_ID_BYTES = 1023;

/** What an authenticator says of how it is reached (WebAuthn §5.8.4); it is handed back to the browser. */
const TRANSPORT = /^[a-z-]{1,16}$/;
const MAX_TRANSPORTS = 8;

/** It takes longer to load than most of a start, and most servers never need it. */
const webAuthn = () => import('@simplewebauthn/server');

function bytesOf(challenge: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(challenge, 'base64url'));
}
