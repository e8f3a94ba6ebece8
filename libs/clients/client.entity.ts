import { Column, Entity, PrimaryColumn } from 'typeorm';
import type {
  AccessTokenFormat,
  AccessTokenSigningAlg,
  ClientProfile,
  GrantType,
  Jwks,
  TokenEndpointAuthMethod,
} from '#oauth-protocol';

/** An API application (RFC 6749 §2). `id` is the row's own: a `client_id` may be used again, this never. */
@Entity('clients')
export class ClientEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'client_id' }) clientId: string;
  @Column('text', { name: 'customer_id' }) customerId: string;
  @Column('text') name: string;
  @Column('text') notes: string;
  @Column('boolean') active: boolean;
  @Column('text', { array: true }) scopes: string[];
  @Column('text', { name: 'grant_types', array: true }) grantTypes: GrantType[];
  @Column('text', { name: 'token_endpoint_auth_method' }) tokenEndpointAuthMethod: TokenEndpointAuthMethod;
  @Column('text', { name: 'redirect_uris', array: true }) redirectUris: string[];
  @Column('boolean', { name: 'require_pkce' }) requirePkce: boolean;
  /** What it is held to as a whole. */
  @Column('text', { nullable: true }) profile: ClientProfile | null;
  /** Whether its authorization requests must be pushed (RFC 9126). */
  @Column('boolean', { name: 'require_par' }) requirePar: boolean;
  /** Whether all its tokens are bound to a key (RFC 9449 §5.2). */
  @Column('boolean', { name: 'dpop_bound_access_tokens' }) dpopBoundAccessTokens: boolean;
  /** Whom it may ask tokens for, beside Postern itself (RFC 8707). */
  @Column('text', { array: true }) resources: string[];
  @Column('text', { name: 'access_token_format' }) accessTokenFormat: AccessTokenFormat;
  /** How its JWTs are signed; nothing to opaque ones. */
  @Column('text', { name: 'access_token_signing_alg' }) accessTokenSigningAlg: AccessTokenSigningAlg;
  /** Seconds. */
  @Column('integer', { name: 'access_token_ttl' }) accessTokenTtl: number;
  /** Seconds since the last rotation. */
  @Column('integer', { name: 'refresh_token_ttl' }) refreshTokenTtl: number;
  @Column('text', { name: 'public_base_uri', nullable: true }) publicBaseUri: string | null;
  @Column('text', { name: 'allowed_cidrs', array: true }) allowedCidrs: string[];
  /** Its public keys, for `private_key_jwt`. */
  @Column('jsonb', { nullable: true }) jwks: Jwks | null;
  @Column('timestamptz', { name: 'valid_from', nullable: true }) validFrom: Date | null;
  @Column('timestamptz', { name: 'valid_until', nullable: true }) validUntil: Date | null;
  /** Postern's own: the Swagger UI and the console. Nobody sees or changes it as a client. */
  @Column('boolean', { name: 'built_in' }) builtIn: boolean;
  /** Counts the changes; the entity tag. Uses do not count. */
  @Column('integer') version: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
  @Column('timestamptz', { name: 'last_used_at', nullable: true }) lastUsedAt: Date | null;
  @Column('text', { name: 'authorization_redirect_uri', nullable: true }) authorizationRedirectUri:
    string | null;
  @Column('text', { name: 'authorization_code_hint', nullable: true }) authorizationCodeHint: string | null;
  @Column('timestamptz', { name: 'authorization_code_created_at', nullable: true })
  authorizationCodeCreatedAt: Date | null;
  @Column('text', { name: 'authorization_access_token_hint', nullable: true })
  authorizationAccessTokenHint: string | null;
  @Column('timestamptz', { name: 'authorization_token_created_at', nullable: true })
  authorizationTokenCreatedAt: Date | null;
  @Column('text', { name: 'authorization_passthru_user', nullable: true }) authorizationPassthruUser:
    string | null;
}
