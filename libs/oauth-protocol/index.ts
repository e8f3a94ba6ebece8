export {
  claimedClient,
  ClientAssertionFault,
  JWT_BEARER_ASSERTION,
  verifyClientAssertion,
  type ClientAssertion,
} from './client-assertion.js';
export { jwksFault, type Jwks } from './client-jwks.js';
export {
  ACCESS_TOKEN_FORMATS,
  ACCESS_TOKEN_SIGNING_ALGS,
  CLIENT_ID,
  CLIENT_PROFILES,
  CUSTOMER_ID,
  GRANT_TYPES,
  hasSecret,
  SUPPLIED_CLIENT_SECRET,
  TOKEN_ENDPOINT_AUTH_METHODS,
  type AccessTokenFormat,
  type AccessTokenSigningAlg,
  type ClientProfile,
  type GrantType,
  type TokenEndpointAuthMethod,
} from './client-metadata.js';
export { DpopProofFault, goesWith, JWK_THUMBPRINT, verifyDpopProof, type DpopProof } from './dpop-proof.js';
export { OAUTH_ERRORS, OAuthError, type OAuthErrorCode } from './errors.js';
export {
  ACCESS_TOKEN,
  AUTHORIZATION_CODE,
  CLIENT_SECRET,
  generateSecret,
  hasFormat,
  REFRESH_TOKEN,
  REQUEST_URI,
  secretHint,
  SESSION,
  sha256,
  type SecretFormat,
} from './opaque-secret.js';
export { pooledRandomBytes } from './random-pool.js';
export { CODE_CHALLENGE, CODE_VERIFIER, verifiesChallenge } from './pkce.js';
export { parsePrompt, PROMPTS, type Prompt } from './prompt.js';
export { redirectUriFault, redirectUriMatches, redirectUriWith } from './redirect-uri.js';
export { requestedAudience, resourceFault } from './resource-indicator.js';
export {
  builtInScopesOf,
  givenScopes,
  isAbove,
  MAX_PASSWORD,
  MIN_PASSWORD,
  reachesCustomer,
  ROLES,
  USERNAME,
  type Role,
} from './roles.js';
export {
  ADMIN_SCOPES,
  BUILT_IN_SCOPES,
  isAdminScope,
  parseScope,
  Permissions,
  READ_SCOPES,
  SCOPE_TOKEN,
} from './scopes.js';
export { SIGNATURE_ALGS } from './signature-algs.js';
