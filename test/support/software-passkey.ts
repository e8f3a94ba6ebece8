import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';

/** Where the page is that asks, and what an authenticator may be made to say otherwise than it should. */
export interface Ceremony {
  /** Of the page. */
  origin: string;
  /** Whose passkey it is; else what the options say. */
  rpId?: string;
  /** How often it says that it has signed; else once more than before. */
  signCount?: number;
  challenge?: string;
}

const USER_PRESENT = 0x01;
const ATTESTED = 0x40;

/**
 * A passkey without a device: ES256, attestation `none` (WebAuthn Level 3). As a browser with its
 * authenticator, it answers what `navigator.credentials` would be asked.
 */
export class SoftwarePasskey {
  readonly id: string;
  signCount = 0;
  private readonly privateKey: KeyObject = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

  /**
   * @param format of its attestation: any but `none` names certificates, which are none here
   * @param idBytes how long its id is
   */
  constructor(
    private readonly format: 'none' | 'fido-u2f' = 'none',
    idBytes = 32,
  ) {
    this.id = randomBytes(idBytes).toString('base64url');
  }

  /** RegistrationResponseJSON. */
  create(options: any, { origin, rpId = options.rp.id, challenge = options.challenge }: Ceremony): any {
    const id = Buffer.from(this.id, 'base64url');
    const idLength = Buffer.alloc(2);
    idLength.writeUInt16BE(id.length);
    const credential = Buffer.concat([Buffer.alloc(16), idLength, id, this.coseKey()]);
    const authData = Buffer.concat([
      this.authData(rpId, USER_PRESENT | ATTESTED, this.signCount),
      credential,
    ]);
    const attestationObject = cbor(
      new Map<string, unknown>([
        ['fmt', this.format],
        ['attStmt', this.format === 'none' ? new Map() : new Map([['x5c', Buffer.from('a certificate')]])],
        ['authData', authData],
      ]),
    );
    return this.answer({
      clientDataJSON: clientData('webauthn.create', challenge, origin).toString('base64url'),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal', 'hybrid'],
    });
  }

  /** AuthenticationResponseJSON. */
  get(
    options: any,
    { origin, rpId = options.rpId, signCount = this.signCount + 1, challenge = options.challenge }: Ceremony,
  ): any {
    this.signCount = signCount;
    const authData = this.authData(rpId, USER_PRESENT, signCount);
    const client = clientData('webauthn.get', challenge, origin);
    const signed = Buffer.concat([authData, createHash('sha256').update(client).digest()]);
    return this.answer({
      clientDataJSON: client.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: sign('sha256', signed, this.privateKey).toString('base64url'),
    });
  }

  private answer(response: object): object {
    return { id: this.id, rawId: this.id, type: 'public-key', response, clientExtensionResults: {} };
  }

  private authData(rpId: string, flags: number, signCount: number): Buffer {
    const rest = Buffer.alloc(5);
    rest.writeUInt8(flags);
    rest.writeUInt32BE(signCount, 1);
    return Buffer.concat([createHash('sha256').update(rpId).digest(), rest]);
  }

  /** RFC 9053 §7.1: kty EC2, alg ES256, crv P-256, x, y. */
  private coseKey(): Buffer {
    const { x, y } = createPublicKey(this.privateKey).export({ format: 'jwk' });
    return cbor(
      new Map<number, unknown>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x!, 'base64url')],
        [-3, Buffer.from(y!, 'base64url')],
      ]),
    );
  }
}

function clientData(type: string, challenge: string, origin: string): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}

/** RFC 8949, as much as an authenticator says: whole numbers, bytes, texts and maps. */
export function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  const entries = [...(value as Map<unknown, unknown>)];
  return Buffer.concat([head(5, entries.length), ...entries.flat().map(cbor)]);
}

function head(type: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(type << 5) | length]);
  if (length < 256) return Buffer.from([(type << 5) | 24, length]);
  const long = Buffer.from([(type << 5) | 25, 0, 0]);
  long.writeUInt16BE(length, 1);
  return long;
}
