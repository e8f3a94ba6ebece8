export { endTokensOf } from './administration/token-administration.js';
export { AuthorizationCodes, type PresentedCode, type SpentCode } from './authorization-codes.port.js';
export { ClientDirectory } from './client-directory.port.js';
export { oauthErrorForm } from './token-endpoint/oauth-error-form.js';
export { TokensModule, TokenVerificationModule } from './tokens.module.js';
export { StoredTokenVerifier } from './verification/stored-token-verifier.js';
