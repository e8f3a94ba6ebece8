import { Injectable } from '@nestjs/common';
import { StepUp, type PersonCaller } from '#access-control';
import { AuditLog } from '#audit-log';
import { PublicUrl } from '#configuration';
import { Database, type Transaction } from '#database';
import { Clock, Problem } from '#http-api';
import { PasswordProof } from '../../account/password-proof.js';
import { acting } from '../../acting.js';
import { OperatorStore } from '../../administration/operator-store.js';
import { OperatorGrants } from '../../operator-grants.port.js';
import type { OperatorEntity } from '../../operator.entity.js';
import { endSessionsBut, noteSecondFactorIn } from '../../sign-in/sessions-of-person.js';
import { FactorChallenges, holdUnchanged, type Challenge, type Purpose } from '../factor-challenges.js';
import { FactorEnrolment } from '../factor-enrolment.js';
import { FactorStandings } from '../factor-standing.js';
import { Passkeys, type Passkey } from '../passkeys.js';
import { qrCode } from '../qr-code.js';
import { RelyingParty } from '../relying-party.js';
import { newTotpSecret, totpStep, totpUri } from '../totp-secret.js';
import type { Totp } from '../totps.js';
import type { PasskeyCreationDto, TotpBeginningDto } from './own-factors.dto.js';

/**
 * How a person enrols a factor in his account, in two halves: who he is is proved at the first, by his
 * password before his first factor, and else by a factor that he has shown lately.
 */
@Injectable()
export class OwnEnrolment {
  constructor(
    private readonly database: Database,
    private readonly store: OperatorStore,
    private readonly proof: PasswordProof,
    private readonly stepUp: StepUp,
    private readonly standings: FactorStandings,
    private readonly challenges: FactorChallenges,
    private readonly passkeys: Passkeys,
    private readonly enrolment: FactorEnrolment,
    private readonly relyingParty: RelyingParty,
    private readonly publicUrl: PublicUrl,
    private readonly grants: OperatorGrants,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem 400 naming the field, 409 where browsers make no passkeys, 429; StaleSecondFactor 401 */
  async beginPasskey(caller: PersonCaller, password: string | undefined): Promise<PasskeyCreationDto> {
    const impossible = this.relyingParty.impossibleBecause;
    if (impossible !== null) throw new Problem(409, 'passkeys_impossible', impossible);
    const person = await this.prove(caller, password);
    const { webauthn, expiresAt } = await this.challenges.open(
      this.database,
      'passkey',
      caller.tokenId!,
      person,
    );
    const known = await this.passkeys.known(person.id);
    const options = await this.relyingParty.creationOptions(person, webauthn, known);
    return { options, expires_at: expiresAt };
  }

  /** @throws Problem 400 naming the field, 409 where nothing was begun; StaleSecondFactor 401 */
  async finishPasskey(
    caller: PersonCaller,
    response: object,
    name: string,
  ): Promise<{ passkey: Passkey; recoveryCodes?: string[] }> {
    const challenge = await this.begun(caller, 'passkey');
    const credential = await this.relyingParty.created(response, challenge.webauthn);
    if (!credential) throw Problem.invalidField('response', 'is no answer to these options');
    return this.finish(caller, challenge, (transaction, person) =>
      this.enrolment.addPasskey(transaction, acting(caller), person, credential, name),
    );
  }

  /** @throws Problem 400 naming the field, 429; StaleSecondFactor 401 */
  async beginTotp(caller: PersonCaller, password: string | undefined): Promise<TotpBeginningDto> {
    const person = await this.prove(caller, password);
    const secret = await newTotpSecret();
    const { expiresAt } = await this.challenges.open(this.database, 'totp', caller.tokenId!, person, secret);
    const uri = await totpUri(secret, person.username, new URL(this.publicUrl.issuer).hostname);
    return { secret, otpauth_uri: uri, qr_svg: qrCode(uri), expires_at: expiresAt };
  }

  /** @throws Problem 400 naming the field, 409 where nothing was begun; StaleSecondFactor 401 */
  async finishTotp(caller: PersonCaller, code: string): Promise<{ totp: Totp; recoveryCodes?: string[] }> {
    const challenge = await this.begun(caller, 'totp');
    const secret = challenge.totpSecret!;
    const step = await totpStep(secret, code, this.clock.now());
    if (step === undefined) throw Problem.invalidField('code', 'is not what the app shows now');
    return this.finish(caller, challenge, (transaction, person) =>
      this.enrolment.addTotp(transaction, acting(caller), person, { secret, step }),
    );
  }

  private async prove(caller: PersonCaller, password: string | undefined): Promise<OperatorEntity> {
    const person = await this.store.self(caller);
    if ((await this.standings.of(this.database, person.id)).enrolled) {
      await this.stepUp.require(caller);
      return person;
    }
    if (password === undefined) throw Problem.invalidField('current_password', 'is missing');
    return this.proof.require(caller, person.username, password);
  }

  /** What was begun with this token, for one of the few attempts. */
  private async begun(caller: PersonCaller, purpose: Purpose): Promise<Challenge> {
    const challenge = await this.challenges.find(purpose, caller.tokenId!);
    if (!challenge || challenge.person.id !== caller.operator.id) throw notBegun();
    if ((await this.standings.of(this.database, caller.operator.id)).enrolled)
      await this.stepUp.require(caller);
    if (!(await this.challenges.attempt(challenge.id))) throw notBegun();
    return challenge;
  }

  /**
   * In one transaction:
   * 1. He is as he was when he began, and nobody else has finished this.
   * 2. Where it is his first factor, nobody who only knew his password stays signed in elsewhere.
   * 3. This sign-in has shown a second factor by it.
   */
  private async finish<Result extends { recoveryCodes?: string[] }>(
    caller: PersonCaller,
    { id, person }: Challenge,
    add: (transaction: Transaction, person: Challenge['person']) => Promise<Result>,
  ): Promise<Result> {
    return this.database.transaction(async (transaction) => {
      if (!(await holdUnchanged(transaction, person)) || !(await this.challenges.end(transaction, id)))
        throw notBegun();
      const added = await add(transaction, person);
      const at = this.clock.now();
      const signedInAt = await this.grants.noteSecondFactor(transaction, caller.tokenId!, at);
      if (!signedInAt) throw notBegun();
      await noteSecondFactorIn(transaction, person.id, { signedInAt, at });
      if (added.recoveryCodes) await this.endOthers(transaction, caller, signedInAt, at);
      return added;
    });
  }

  private async endOthers(
    transaction: Transaction,
    caller: PersonCaller,
    signedInAt: Date,
    at: Date,
  ): Promise<void> {
    const { operator, tokenId, customerId } = caller;
    await endSessionsBut(transaction, operator.id, signedInAt);
    const count = await this.grants.endFirstParty(transaction, operator.id, at, { allBut: tokenId! });
    if (count === 0) return;
    const detail = {
      reason: 'second_factor_enrolled',
      count,
      operator: caller.actor.id ?? undefined,
    } as const;
    const event = {
      ...acting(caller),
      type: 'access_token.revoked',
      customer_id: customerId,
      detail,
    } as const;
    await this.audit.record(transaction, event);
  }
}

function notBegun(): Problem {
  return new Problem(
    409,
    'enrolment_over',
    'Nothing was begun by this token, it took too long, or too many answers were wrong. Begin anew.',
  );
}
