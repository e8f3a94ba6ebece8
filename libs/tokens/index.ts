export { AuthorizationCodes, type PresentedCode, type SpentCode } from './authorization-codes.port.js';
export {
  AuthorizationGrants,
  AuthorizationGrantsModule,
} from './authorization-grants/authorization-grants.js';
export { ClientDirectory } from './client-directory.port.js';
export { SigningKeyError, SigningKeySealing } from './signing-keys/signing-key-sealing.js';
export { oauthErrorForm } from './token-endpoint/oauth-error-form.js';
export { TokensModule, TokenVerificationModule } from './tokens.module.js';
export { StoredTokenVerifier } from './verification/stored-token-verifier.js';
