import { Problem, type FieldError } from '#http-api';
import { redirectUriFault } from '#oauth-protocol';
import type { ClientEntity } from '../client.entity.js';
import { fapi2Faults } from './fapi2-settings.js';

type Settings = Pick<
  ClientEntity,
  | 'redirectUris'
  | 'tokenEndpointAuthMethod'
  | 'jwks'
  | 'requirePkce'
  | 'requirePar'
  | 'dpopBoundAccessTokens'
  | 'profile'
  | 'grantTypes'
  | 'validFrom'
  | 'validUntil'
>;

/** What must hold between the fields of a client. @throws Problem that names them */
export function requireConsistent(client: Settings): void {
  const errors: FieldError[] = [];
  const publicClient = client.tokenEndpointAuthMethod === 'none';
  client.redirectUris.forEach((uri, index) => {
    const message = redirectUriFault(uri, publicClient);
    if (message) errors.push({ field: `redirect_uris[${index}]`, message });
  });
  if (publicClient && client.grantTypes.includes('client_credentials')) {
    // RFC 6749 §4.4: "The client credentials grant type MUST only be used by confidential clients."
    errors.push({
      field: 'grant_types',
      message: 'must not hold client_credentials for a public client (auth method none)',
    });
  }
  if (publicClient && !client.requirePkce) {
    errors.push({ field: 'require_pkce', message: 'must be true for a public client (auth method none)' });
  }
  if (client.tokenEndpointAuthMethod === 'private_key_jwt' && !client.jwks) {
    errors.push({ field: 'jwks', message: 'must hold the public keys for the auth method private_key_jwt' });
  }
  if (client.profile === 'fapi2') errors.push(...fapi2Faults(client));
  if (client.validFrom && client.validUntil && client.validFrom >= client.validUntil) {
    errors.push({ field: 'valid_until', message: 'must be later than valid_from' });
  }
  if (errors.length > 0) throw Problem.invalid(errors);
}
