import type { ClientEntity } from '../client.entity.js';
import type { ClientDto } from './client.dto.js';
import type { ClientSettings } from './client-settings.dto.js';
import type { RevealedAuthorization } from './last-authorizations.js';

/**
 * The wire shape of a client: the one place where its names change.
 * @param revealed what is shown in full of its last authorization; the rest is masked
 */
export function presentClient(client: ClientEntity, revealed: RevealedAuthorization = {}): ClientDto {
  return {
    client_id: client.clientId,
    name: client.name,
    notes: client.notes,
    customer_id: client.customerId,
    active: client.active,
    scopes: client.scopes,
    grant_types: client.grantTypes,
    token_endpoint_auth_method: client.tokenEndpointAuthMethod,
    redirect_uris: client.redirectUris,
    require_pkce: client.requirePkce,
    require_par: client.requirePar,
    dpop_bound_access_tokens: client.dpopBoundAccessTokens,
    resources: client.resources,
    profile: client.profile,
    access_token_format: client.accessTokenFormat,
    access_token_signing_alg: client.accessTokenSigningAlg,
    access_token_ttl: client.accessTokenTtl,
    refresh_token_ttl: client.refreshTokenTtl,
    public_base_uri: client.publicBaseUri,
    allowed_cidrs: client.allowedCidrs,
    jwks: client.jwks,
    valid_from: client.validFrom,
    valid_until: client.validUntil,
    created_at: client.createdAt,
    updated_at: client.updatedAt,
    last_used_at: client.lastUsedAt,
    last_authorization: {
      redirect_uri: client.authorizationRedirectUri,
      authorization_code: revealed.authorizationCode ?? client.authorizationCodeHint,
      access_token: revealed.accessToken ?? client.authorizationAccessTokenHint,
      code_created_at: client.authorizationCodeCreatedAt,
      code_created_at_unix: unixSeconds(client.authorizationCodeCreatedAt),
      token_created_at: client.authorizationTokenCreatedAt,
      token_created_at_unix: unixSeconds(client.authorizationTokenCreatedAt),
      passthru_user: client.authorizationPassthruUser,
    },
  };
}

/** The other way: what a request says of a client, by the entity's names. What it leaves out is left out. */
export function settingsOf(dto: ClientSettings & { name?: string }): Partial<ClientEntity> {
  const settings: Partial<ClientEntity> = {
    name: dto.name,
    notes: dto.notes,
    active: dto.active,
    scopes: dto.scopes,
    grantTypes: dto.grant_types,
    tokenEndpointAuthMethod: dto.token_endpoint_auth_method,
    redirectUris: dto.redirect_uris,
    requirePkce: dto.require_pkce,
    requirePar: dto.require_par,
    dpopBoundAccessTokens: dto.dpop_bound_access_tokens,
    resources: dto.resources,
    profile: dto.profile,
    jwks: dto.jwks,
    accessTokenFormat: dto.access_token_format,
    accessTokenSigningAlg: dto.access_token_signing_alg,
    accessTokenTtl: dto.access_token_ttl,
    refreshTokenTtl: dto.refresh_token_ttl,
    publicBaseUri: dto.public_base_uri,
    allowedCidrs: dto.allowed_cidrs,
    validFrom: dto.valid_from,
    validUntil: dto.valid_until,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

export function clientETag(client: Pick<ClientEntity, 'id' | 'version'>): string {
  return `"${client.id}.${client.version}"`;
}

function unixSeconds(time: Date | null): number | null {
  return time && Math.floor(time.getTime() / 1000);
}
