export {
  ACCESS_TOKEN_FORMATS,
  CLIENT_ID,
  GRANT_TYPES,
  redirectUriFault,
  SUPPLIED_CLIENT_SECRET,
  TOKEN_ENDPOINT_AUTH_METHODS,
  type AccessTokenFormat,
  type GrantType,
  type TokenEndpointAuthMethod,
} from './client-metadata.js';
export { OAUTH_ERRORS, OAuthError, type OAuthErrorCode } from './errors.js';
export {
  ACCESS_TOKEN,
  CLIENT_SECRET,
  generateSecret,
  hasFormat,
  secretHint,
  sha256,
  type SecretFormat,
} from './opaque-secret.js';
export {
  ADMIN_SCOPES,
  BUILT_IN_SCOPES,
  isAdminScope,
  parseScope,
  Permissions,
  READ_SCOPES,
  SCOPE_TOKEN,
} from './scopes.js';
