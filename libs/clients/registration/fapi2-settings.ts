import type { FieldError } from '#http-api';
import type { ClientEntity } from '../client.entity.js';

type Fapi2Settings = Pick<
  ClientEntity,
  'tokenEndpointAuthMethod' | 'requirePkce' | 'requirePar' | 'dpopBoundAccessTokens'
>;

/** What the FAPI 2.0 Security Profile leaves no choice of: what a client has that is registered for it and says no more. */
export const FAPI2_SETTINGS: Fapi2Settings = {
  tokenEndpointAuthMethod: 'private_key_jwt',
  requirePkce: true,
  requirePar: true,
  dpopBoundAccessTokens: true,
};

const FIELDS: Record<keyof Fapi2Settings, { field: string; section: string }> = {
  tokenEndpointAuthMethod: { field: 'token_endpoint_auth_method', section: '5.3.2.1' },
  requirePkce: { field: 'require_pkce', section: '5.3.2.2' },
  requirePar: { field: 'require_par', section: '5.3.2.2' },
  dpopBoundAccessTokens: { field: 'dpop_bound_access_tokens', section: '5.3.2.1' },
};

/** The fields of a client that the profile does not allow to be as they are. */
export function fapi2Faults(client: Fapi2Settings): FieldError[] {
  const settings = Object.entries(FAPI2_SETTINGS) as [keyof Fapi2Settings, string | boolean][];
  return settings
    .filter(([setting, value]) => client[setting] !== value)
    .map(([setting, value]) => {
      const { field, section } = FIELDS[setting];
      return {
        field,
        message: `must be ${value} for the profile fapi2 (FAPI 2.0 Security Profile, ${section})`,
      };
    });
}
