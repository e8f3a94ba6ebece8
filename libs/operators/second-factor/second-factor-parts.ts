import { OwnEnrolment } from './account/own-enrolment.js';
import { OwnFactorsController } from './account/own-factors.controller.js';
import { OwnFactors } from './account/own-factors.js';
import { OwnPasskeysController } from './account/own-passkeys.controller.js';
import { OwnVerificationController } from './account/own-verification.controller.js';
import { OwnVerification } from './account/own-verification.js';
import { OperatorFactorsController } from './administration/operator-factors.controller.js';
import { OperatorFactors } from './administration/operator-factors.js';
import { SecondFactorPolicyController } from './administration/second-factor-policy.controller.js';
import { SecondFactorPolicy } from './administration/second-factor-policy.js';
import { FactorChallenges } from './factor-challenges.js';
import { FactorCheck } from './factor-check.js';
import { FactorEnrolment } from './factor-enrolment.js';
import { FactorStandings } from './factor-standing.js';
import { Passkeys } from './passkeys.js';
import { RecoveryCodes } from './recovery-codes.js';
import { RelyingParty } from './relying-party.js';
import { EnrolmentSignIn } from './sign-in/enrolment-sign-in.js';
import { EnrolmentController } from './sign-in/enrolment.controller.js';
import { PasskeyScriptController } from './sign-in/passkey-script.controller.js';
import { SecondFactorForms } from './sign-in/second-factor-forms.js';
import { SecondFactorSignIn } from './sign-in/second-factor-sign-in.js';
import { SecondFactorController } from './sign-in/second-factor.controller.js';
import { TotpSealing } from './totp-sealing.js';
import { Totps } from './totps.js';

/** What the module of people takes in for their second factors. */
export const SECOND_FACTOR_CONTROLLERS = [
  SecondFactorController,
  EnrolmentController,
  PasskeyScriptController,
  OwnFactorsController,
  OwnPasskeysController,
  OwnVerificationController,
  OperatorFactorsController,
  SecondFactorPolicyController,
];

export const SECOND_FACTOR_PROVIDERS = [
  Passkeys,
  Totps,
  TotpSealing,
  RecoveryCodes,
  RelyingParty,
  FactorStandings,
  FactorChallenges,
  FactorCheck,
  FactorEnrolment,
  SecondFactorForms,
  SecondFactorSignIn,
  EnrolmentSignIn,
  OwnFactors,
  OwnEnrolment,
  OwnVerification,
  OperatorFactors,
  SecondFactorPolicy,
];
