import type { RegistrationResponseJSON } from '@simplewebauthn/server';

/**
 * The same registration without its attestation statement, as a browser leaves it out that was asked
 * for none. A statement names certificates, and whoever checks those fetches what they point to:
 * nothing that a caller sends is ever fetched.
 * @throws Error for what is no attestation object
 */
export async function withoutAttestation(
  response: RegistrationResponseJSON,
): Promise<RegistrationResponseJSON> {
  const { decodeAttestationObject, isoBase64URL, isoCBOR } = await import('@simplewebauthn/server/helpers');
  const attested = decodeAttestationObject(isoBase64URL.toBuffer(response.response.attestationObject));
  const bare = isoCBOR.encode(
    new Map<string, string | Uint8Array | Map<string, string>>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', attested.get('authData')],
    ]),
  );
  return {
    ...response,
    response: { ...response.response, attestationObject: isoBase64URL.fromBuffer(bare) },
  };
}
