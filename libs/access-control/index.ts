export { AccessControlModule } from './access-control.module.js';
export { AccessTokenVerifier, type ActiveToken, type TokenVerification } from './access-token-verifier.js';
export { ClientAuthenticationService } from './client-authentication.js';
export {
  ClientAuthenticator,
  type AuthenticatedClient,
  type ClientAuthentication,
  type ClientCredentials,
} from './client-authenticator.js';
export {
  ACCESS,
  AuthenticateClient,
  CurrentCaller,
  CurrentClient,
  CurrentPerson,
  Public,
  RequirePerson,
  RequireScope,
  type Access,
  type AuthenticatedRequest,
} from './decorators.js';
export {
  FailedAuthentications,
  FailedAuthenticationsModule,
  type Attempt,
  type Locked,
} from './failed-authentications.js';
export { tooManyFailures } from './challenges.js';
export { LackingScopes, requireOwner, requireRank } from './denials.js';
export {
  ANONYMOUS,
  SYSTEM,
  type Actor,
  type Caller,
  type PersonCaller,
  type Principal,
} from './principal.js';
export { DpopNonceNeeded, DpopProofs } from './proof-of-possession/dpop-proofs.js';
export { UsedJtis, UsedJtisModule } from './proof-of-possession/used-jtis.js';
export { reachOf, withinReach } from './reach.js';
export {
  RefusalRecorder,
  type AuthenticationFailure,
  type Refusal,
  type RefusalDetails,
  type RevokedUse,
} from './refusals.js';
export { NO_REQUEST, requestOrigin, type RequestOrigin } from './request-origin.js';
export { SlowHashing, SlowHashingModule } from './slow-hashing/slow-hashing.js';
export { standingFault, validityFault, type ClientStanding } from './client-standing.js';
export { STEP_UP_NOTE, STEP_UP_SECONDS, StepUp } from './step-up.js';
