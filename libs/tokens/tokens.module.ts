import { Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UsageCountersModule } from '#usage';
import { AccessTokenEntity } from './access-token.entity.js';
import { ClientTokensController } from './administration/client-tokens.controller.js';
import { TokenAdministration } from './administration/token-administration.js';
import { TokensController } from './administration/tokens.controller.js';
import { AuthorizationGrantEntity } from './authorization-grants/authorization-grant.entity.js';
import { AuthorizationGrantsModule } from './authorization-grants/authorization-grants.js';
import { CallingPageCheck } from './introspection/calling-page-check.js';
import { IntrospectionController } from './introspection/introspection.controller.js';
import { IntrospectionJwt } from './introspection/introspection-jwt.js';
import { TokenIntrospection } from './introspection/token-introspection.js';
import { AccessTokenIssuer } from './issuing/access-token-issuer.js';
import { AccessTokenTexts } from './issuing/access-token-texts.js';
import { MetadataController } from './metadata/metadata.controller.js';
import { RefreshTokenEntity } from './refresh-token.entity.js';
import { JwksController } from './signing-keys/jwks.controller.js';
import { RefreshTokens } from './refresh-tokens.js';
import { RevocationController } from './revocation/revocation.controller.js';
import { TokenRevocation } from './revocation/token-revocation.js';
import { SigningKeysModule } from './signing-keys/signing-keys.module.js';
import { AuthorizationCodeGrant } from './token-endpoint/grants/authorization-code.grant.js';
import { ClientCredentialsGrant } from './token-endpoint/grants/client-credentials.grant.js';
import { GRANTS, type Grant } from './token-endpoint/grants/grant.js';
import { RefreshTokenGrant } from './token-endpoint/grants/refresh-token.grant.js';
import { TokenController } from './token-endpoint/token.controller.js';
import { TokenEndpoint } from './token-endpoint/token-endpoint.js';
import { StoredTokenVerifier } from './verification/stored-token-verifier.js';
import { TokenRecords } from './verification/token-records.js';
import { TokenUses } from './verification/token-uses.js';

/** Verification stands apart: the guards need it, and it needs nothing of the rest. */
@Module({
  imports: [UsageCountersModule],
  providers: [TokenUses, TokenRecords, StoredTokenVerifier],
  exports: [StoredTokenVerifier, TokenRecords],
})
export class TokenVerificationModule {}

const GRANT_CLASSES = [ClientCredentialsGrant, AuthorizationCodeGrant, RefreshTokenGrant];

@Module({})
export class TokensModule {
  /** @param ports binds ClientDirectory and AuthorizationCodes; `imports` brings the module that serves it */
  static register(imports: ModuleMetadata['imports'], ports: Provider[]): DynamicModule {
    return {
      module: TokensModule,
      imports: [
        TypeOrmModule.forFeature([AccessTokenEntity, AuthorizationGrantEntity, RefreshTokenEntity]),
        AuthorizationGrantsModule,
        SigningKeysModule,
        TokenVerificationModule,
        ...(imports ?? []),
      ],
      controllers: [
        TokenController,
        TokensController,
        ClientTokensController,
        JwksController,
        MetadataController,
        IntrospectionController,
        RevocationController,
      ],
      providers: [
        ...ports,
        AccessTokenTexts,
        AccessTokenIssuer,
        RefreshTokens,
        TokenEndpoint,
        TokenRevocation,
        TokenIntrospection,
        IntrospectionJwt,
        CallingPageCheck,
        TokenAdministration,
        ...GRANT_CLASSES,
        { provide: GRANTS, useFactory: (...grants: Grant[]) => grants, inject: GRANT_CLASSES },
      ],
      exports: [TokenEndpoint, TokenIntrospection, IntrospectionJwt, CallingPageCheck],
    };
  }
}
