import { Injectable } from '@nestjs/common';
import { STEP_UP_SECONDS, tooManyFailures, type PersonCaller } from '#access-control';
import { AuditLog } from '#audit-log';
import { Database } from '#database';
import { Clock, Problem } from '#http-api';
import { acting } from '../../acting.js';
import { OperatorStore } from '../../administration/operator-store.js';
import { OperatorGrants } from '../../operator-grants.port.js';
import { Sessions } from '../../sign-in/sessions.js';
import { FactorChallenges, type Challenge } from '../factor-challenges.js';
import { FactorCheck, factorOf, type Presented, type Shown } from '../factor-check.js';
import { FactorStandings } from '../factor-standing.js';
import { Passkeys } from '../passkeys.js';
import { RelyingParty } from '../relying-party.js';
import { noFactor } from './own-factors.js';
import type { PasskeyRequestDto, VerificationOfFactorDto, VerifyFactorDto } from './own-factors.dto.js';

/** How a person who is signed in shows his second factor once more: the step up of RFC 9470. */
@Injectable()
export class OwnVerification {
  constructor(
    private readonly database: Database,
    private readonly store: OperatorStore,
    private readonly standings: FactorStandings,
    private readonly challenges: FactorChallenges,
    private readonly passkeys: Passkeys,
    private readonly relyingParty: RelyingParty,
    private readonly check: FactorCheck,
    private readonly grants: OperatorGrants,
    private readonly sessions: Sessions,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** What a passkey is shown by. @throws Problem 409 where he has none, or browsers show none here */
  async begin(caller: PersonCaller): Promise<PasskeyRequestDto> {
    const impossible = this.relyingParty.impossibleBecause;
    if (impossible !== null) throw new Problem(409, 'passkeys_impossible', impossible);
    const person = await this.store.self(caller);
    const known = await this.passkeys.known(person.id);
    if (known.length === 0) throw noFactor();
    const { webauthn, expiresAt } = await this.challenges.open(
      this.database,
      'verification',
      caller.tokenId!,
      person,
    );
    return { options: await this.relyingParty.requestOptions(webauthn, known), expires_at: expiresAt };
  }

  /**
   * 1. One of the two is sent, and he has a factor.
   * 2. A passkey answers what was begun with this token, in one of the few attempts.
   * 3. Not too many have failed, and it is his second factor.
   * 4. It is used up, and this sign-in has shown it, durably with its event: once.
   * @throws Problem 400 naming the field, 409, 429
   */
  async finish(caller: PersonCaller, { code, assertion }: VerifyFactorDto): Promise<VerificationOfFactorDto> {
    if ((code === undefined) === (assertion === undefined))
      throw Problem.invalidField(
        code === undefined ? 'code' : 'assertion',
        'or the other of the two must be sent, not both',
      );
    const person = await this.store.self(caller);
    if (!(await this.standings.of(this.database, person.id)).enrolled) throw noFactor();
    const challenge = assertion && (await this.begun(caller));
    const presented: Presented = challenge ? { assertion, challenge: challenge.webauthn } : { code: code! };
    const field = challenge ? 'assertion' : 'code';
    const by = acting(caller);
    const checked = await this.check.try(by, person, presented);
    if (checked.outcome === 'locked') throw tooManyFailures(checked.seconds);
    if (checked.outcome === 'refused') throw notHis(field);
    const at = this.clock.now();
    const failure = await this.note(caller, person, checked.shown, at, challenge);
    if (failure) {
      await this.check.refuse(by, person, failure);
      throw notHis(field);
    }
    await this.check.succeeded(by, person);
    return {
      second_factor: factorOf(checked.shown),
      verified_at: at,
      recent_until: new Date(at.getTime() + STEP_UP_SECONDS * 1000),
    };
  }

  private async begun(caller: PersonCaller): Promise<Challenge> {
    const challenge = await this.challenges.find('verification', caller.tokenId!);
    if (
      !challenge ||
      challenge.person.id !== caller.operator.id ||
      !(await this.challenges.attempt(challenge.id))
    )
      throw Problem.invalidField('assertion', 'answers options that are not there, or not any more');
    return challenge;
  }

  private note(
    caller: PersonCaller,
    person: { id: string; username: string; customerId: string },
    shown: Shown,
    at: Date,
    challenge?: Challenge,
  ) {
    const by = acting(caller);
    return this.database.transaction(async (transaction) => {
      await this.store.hold(transaction, caller);
      if (challenge && !(await this.challenges.end(transaction, challenge.id))) return 'wrong_passkey';
      const failure = await this.check.spend(transaction, by, person, shown);
      if (failure) return failure;
      const signedInAt = await this.grants.noteSecondFactor(transaction, caller.tokenId!, at);
      if (!signedInAt) return 'person_changed';
      await this.sessions.noteSecondFactor(transaction, person.id, { signedInAt, at });
      const detail = { username: person.username, factor: factorOf(shown) };
      const event = {
        ...by,
        type: 'second_factor.verified',
        customer_id: person.customerId,
        detail,
      } as const;
      await this.audit.record(transaction, event);
      return undefined;
    });
  }
}

function notHis(field: string): Problem {
  return Problem.invalidField(field, 'is not your second factor, or was used before');
}
