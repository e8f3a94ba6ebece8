export { AuthorizationCodes, type PresentedCode, type SpentCode } from './authorization-codes.port.js';
export {
  AuthorizationGrants,
  AuthorizationGrantsModule,
} from './authorization-grants/authorization-grants.js';
export { accessTokenList } from './administration/access-token-list.js';
export { HandOutTokenDto, type AccessTokenDto } from './administration/access-token.dto.js';
export { presentToken } from './administration/access-token.presenter.js';
export type { AccessTokenEntity } from './access-token.entity.js';
export { TokenAdministration } from './administration/token-administration.js';
export { countLiveTokens } from './administration/live-tokens.js';
export { ClientDirectory } from './client-directory.port.js';
export { SigningKeyStore } from './signing-keys/signing-key-store.js';
export { LEAD_MS, ROTATION_MS } from './signing-keys/key-schedule.js';
export { SigningKeyError, SigningKeySealing } from './signing-keys/signing-key-sealing.js';
export { SigningKeys } from './signing-keys/signing-keys.js';
export { SigningKeysModule } from './signing-keys/signing-keys.module.js';
export { INTROSPECTION_ANSWER, IntrospectionController } from './introspection/introspection.controller.js';
export { IntrospectionDto } from './introspection/introspection.dto.js';
export { oauthErrorFormAt } from './token-endpoint/oauth-error-form.js';
export { PresentedTokenDto } from './token-endpoint/presented-token.dto.js';
export { tokenTypeOf } from './token-endpoint/token-type.js';
export { OAuthErrorDto, TokenRequestDto, TokenResponseDto } from './token-endpoint/token.dto.js';
export { TokenEndpoint } from './token-endpoint/token-endpoint.js';
export { TokensModule, TokenVerificationModule } from './tokens.module.js';
export { StoredTokenVerifier } from './verification/stored-token-verifier.js';
