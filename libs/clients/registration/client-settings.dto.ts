import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  IsUrl,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsCidr } from '#configuration';
import { Distinct, Nullable, Omittable, TimeField } from '#http-api';
import {
  ACCESS_TOKEN_FORMATS,
  ACCESS_TOKEN_SIGNING_ALGS,
  CLIENT_PROFILES,
  GRANT_TYPES,
  TOKEN_ENDPOINT_AUTH_METHODS,
  type AccessTokenFormat,
  type AccessTokenSigningAlg,
  type ClientProfile,
  type GrantType,
  type Jwks,
  type TokenEndpointAuthMethod,
} from '#oauth-protocol';
import { IsJwks, IsRedirectUri, IsResource } from '../validation.js';

const YEAR = 31_536_000;

/** What can be said of a client at registration and changed afterwards. All but the name may be left out. */
export class ClientSettings {
  @ApiPropertyOptional({
    description: 'For whoever looks after it.',
    maxLength: 4000,
    example: 'Owned by the SOC.',
  })
  @Omittable()
  @IsString()
  @MaxLength(4000)
  notes?: string;

  @ApiPropertyOptional({ description: 'Whether it may act.', default: true })
  @Omittable()
  @IsBoolean()
  active?: boolean;

  @ApiPropertyOptional({
    description: 'Names from the catalogue; default: the nine read scopes.',
    type: [String],
    example: ['devices:read'],
  })
  @Omittable()
  @IsArray()
  @IsString({ each: true })
  @ArrayMaxSize(200)
  @Distinct()
  scopes?: string[];

  @ApiPropertyOptional({ description: 'Default: client_credentials.', enum: GRANT_TYPES, isArray: true })
  @Omittable()
  @IsArray()
  @IsIn(GRANT_TYPES, { each: true })
  @Distinct()
  grant_types?: GrantType[];

  @ApiPropertyOptional({
    enum: TOKEN_ENDPOINT_AUTH_METHODS,
    default: 'client_secret_basic',
    description:
      '`private_key_jwt` (RFC 7523) is by the keys of `jwks`, and `none` makes it a public client: neither has a secret.',
  })
  @Omittable()
  @IsIn(TOKEN_ENDPOINT_AUTH_METHODS)
  token_endpoint_auth_method?: TokenEndpointAuthMethod;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description:
      'Its public keys (RFC 7517), 1 to 10, for `private_key_jwt`: P-256, RSA of 2048 bits or more, Ed25519. Several, each with its `kid`, while they rotate.',
    example: null,
  })
  @Nullable()
  @IsJwks()
  jwks?: Jwks | null;

  @ApiPropertyOptional({
    type: [String],
    description: 'https; http on 127.0.0.1 or [::1]; private-use schemes for public clients.',
    example: ['https://app.example.com/callback'],
  })
  @Omittable()
  @IsArray()
  @ArrayMaxSize(50)
  @MaxLength(2000, { each: true })
  @IsRedirectUri()
  @Distinct()
  redirect_uris?: string[];

  @ApiPropertyOptional({ description: 'Whether the code flow needs PKCE.', default: true })
  @Omittable()
  @IsBoolean()
  require_pkce?: boolean;

  @ApiPropertyOptional({
    description: 'Whether its authorization requests must be pushed (RFC 9126).',
    default: false,
  })
  @Omittable()
  @IsBoolean()
  require_par?: boolean;

  @ApiPropertyOptional({
    description:
      'Whether all its tokens are bound to a key (DPoP, RFC 9449 §5.2); else those are for which it brings a proof.',
    default: false,
  })
  @Omittable()
  @IsBoolean()
  dpop_bound_access_tokens?: boolean;

  @ApiPropertyOptional({
    type: [String],
    description:
      'Whom it may ask tokens for by `resource` (RFC 8707), beside Postern itself: those are good there alone.',
    example: ['https://reports.example.com'],
  })
  @Omittable()
  @IsArray()
  @ArrayMaxSize(50)
  @IsResource()
  @Distinct()
  resources?: string[];

  @ApiPropertyOptional({
    enum: CLIENT_PROFILES,
    type: String,
    nullable: true,
    description:
      'Holds it to the FAPI 2.0 Security Profile: `private_key_jwt`, pushed requests, PKCE, and tokens bound to a key.',
    example: null,
  })
  @Nullable()
  @IsIn(CLIENT_PROFILES)
  profile?: ClientProfile | null;

  @ApiPropertyOptional({
    enum: ACCESS_TOKEN_FORMATS,
    default: 'opaque',
    description: 'The form of its access tokens: opaque, or JWTs of RFC 9068.',
  })
  @Omittable()
  @IsIn(ACCESS_TOKEN_FORMATS)
  access_token_format?: AccessTokenFormat;

  @ApiPropertyOptional({
    enum: ACCESS_TOKEN_SIGNING_ALGS,
    default: 'ES256',
    description: 'How its JWTs are signed; nothing to opaque tokens.',
  })
  @Omittable()
  @IsIn(ACCESS_TOKEN_SIGNING_ALGS)
  access_token_signing_alg?: AccessTokenSigningAlg;

  @ApiPropertyOptional({
    type: 'integer',
    description: 'Seconds that an access token lives; default from the environment.',
    minimum: 1,
    maximum: 2_592_000,
    example: 3600,
  })
  @Omittable()
  @IsInt()
  @Min(1)
  @Max(2_592_000)
  access_token_ttl?: number;

  @ApiPropertyOptional({
    type: 'integer',
    description: 'Seconds that a refresh token lives after each use.',
    minimum: 1,
    maximum: YEAR,
    default: 2_592_000,
  })
  @Omittable()
  @IsInt()
  @Min(1)
  @Max(YEAR)
  refresh_token_ttl?: number;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Where its introspection calls come from.',
    example: 'https://gateway.example.com/api',
  })
  @Nullable()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  @MaxLength(2000)
  public_base_uri?: string | null;

  @ApiPropertyOptional({
    type: [String],
    description: 'Addresses it may act from; empty: any.',
    example: ['10.20.0.0/16'],
  })
  @Omittable()
  @IsArray()
  @ArrayMaxSize(200)
  @IsCidr({ each: true })
  allowed_cidrs?: string[];

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Before this it may not act.',
  })
  @Nullable()
  @TimeField()
  valid_from?: Date | null;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'From this on it may not act.',
    example: '2027-12-31T23:59:59Z',
  })
  @Nullable()
  @TimeField()
  valid_until?: Date | null;
}
