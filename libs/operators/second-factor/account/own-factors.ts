import { Injectable } from '@nestjs/common';
import { StepUp, type PersonCaller } from '#access-control';
import { Database } from '#database';
import { Problem } from '#http-api';
import { acting } from '../../acting.js';
import { OperatorStore } from '../../administration/operator-store.js';
import { OperatorGrants } from '../../operator-grants.port.js';
import { FactorEnrolment } from '../factor-enrolment.js';
import { FactorStandings, type Standing } from '../factor-standing.js';
import { Passkeys } from '../passkeys.js';
import { RecoveryCodes } from '../recovery-codes.js';
import { RelyingParty } from '../relying-party.js';
import { Totps } from '../totps.js';
import { presentPasskey, presentTotp } from './factor.presenters.js';
import type { OwnFactorsDto } from './own-factors.dto.js';

/** What a person has for a second factor, and how he gets rid of it. */
@Injectable()
export class OwnFactors {
  constructor(
    private readonly database: Database,
    private readonly store: OperatorStore,
    private readonly standings: FactorStandings,
    private readonly passkeys: Passkeys,
    private readonly totps: Totps,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly enrolment: FactorEnrolment,
    private readonly relyingParty: RelyingParty,
    private readonly grants: OperatorGrants,
    private readonly stepUp: StepUp,
  ) {}

  async show({ operator, tokenId }: PersonCaller): Promise<OwnFactorsDto> {
    const { required, enrolled } = await this.standings.of(this.database, operator.id);
    const totp = await this.totps.of(operator.id);
    return {
      required,
      enrolled,
      passkeys: (await this.passkeys.of(operator.id)).map(presentPasskey),
      totp: totp ? presentTotp(totp) : null,
      recovery_codes_left: await this.recoveryCodes.left(this.database, operator.id),
      passkeys_impossible_because: this.relyingParty.impossibleBecause,
      verified_at: await this.grants.secondFactorAt(tokenId!),
    };
  }

  /**
   * 1. He has shown a second factor lately.
   * 2. There is such a factor, and another one is left where his role requires one.
   * @param passkey its id; without one, the app that shows codes
   * @throws StaleSecondFactor 401, Problem 404, 409
   */
  async remove(caller: PersonCaller, passkey?: string): Promise<void> {
    await this.stepUp.require(caller);
    await this.database.transaction(async (transaction) => {
      await this.store.hold(transaction, caller);
      const person = await this.store.selfWithin(transaction, caller);
      const standing = await this.standings.of(transaction, person.id);
      if (!(await this.enrolment.remove(transaction, acting(caller), person, passkey)))
        throw Problem.notFound(passkey === undefined ? 'app' : 'passkey');
      if (standing.required && isLast(standing))
        throw Problem.conflict(
          passkey === undefined ? 'totp' : 'id',
          'is the last one, and your role requires one',
        );
    });
  }

  /** New recovery codes in place of all that there were. @throws StaleSecondFactor 401, Problem 409 without a factor */
  async makeRecoveryCodes(caller: PersonCaller): Promise<string[]> {
    await this.stepUp.require(caller);
    return this.database.transaction(async (transaction) => {
      await this.store.hold(transaction, caller);
      const person = await this.store.selfWithin(transaction, caller);
      if (!(await this.standings.of(transaction, person.id)).enrolled) throw noFactor();
      return this.enrolment.makeRecoveryCodes(transaction, acting(caller), person);
    });
  }
}

/** For what makes no sense before there is a factor. */
export function noFactor(): Problem {
  return new Problem(409, 'no_second_factor', 'You have no second factor yet.');
}

function isLast({ passkeys, totp }: Standing): boolean {
  return passkeys + (totp ? 1 : 0) === 1;
}
