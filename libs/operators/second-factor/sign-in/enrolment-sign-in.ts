import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ANONYMOUS, requestOrigin } from '#access-control';
import { Database, type Transaction } from '#database';
import { Clock } from '#http-api';
import type { Refused } from '../../sign-in/password-check.js';
import { SessionOpening } from '../../sign-in/session-opening.js';
import { FactorChallenges, holdUnchanged, type Challenge } from '../factor-challenges.js';
import { FactorCheck } from '../factor-check.js';
import { FactorEnrolment } from '../factor-enrolment.js';
import { FactorStandings } from '../factor-standing.js';
import { RelyingParty, type NewCredential } from '../relying-party.js';
import { totpStep } from '../totp-secret.js';

/** The code that the app shows, or what a browser has made, as the page's script sends it. */
export type EnrolmentAnswer = { code: string } | { registration: unknown };

export type EnrolmentResult =
  { outcome: 'signed_in'; token: string; recoveryCodes: string[] } | { outcome: 'gone' } | Refused;

/** What is enrolled. */
type NewFactor = { secret: string; step: number } | { credential: NewCredential };

/** A passkey that was made on the way in has no name of its owner's choosing yet. */
const FIRST_NAME = 'Passkey';

/** For a person whose role requires a second factor and who has none: he enrols one, and is in. */
@Injectable()
export class EnrolmentSignIn {
  constructor(
    private readonly database: Database,
    private readonly challenges: FactorChallenges,
    private readonly relyingParty: RelyingParty,
    private readonly enrolment: FactorEnrolment,
    private readonly standings: FactorStandings,
    private readonly check: FactorCheck,
    private readonly opening: SessionOpening,
    private readonly clock: Clock,
  ) {}

  /**
   * 1. An attempt of the few is left.
   * 2. The code is the app's now, or the passkey was made for this challenge.
   * 3. He is still there, active, as he was when he showed his password, and has no factor yet.
   * 4. The challenge is over, and factor, recovery codes and session are durable with their events: once.
   */
  async attempt(
    request: FastifyRequest,
    challenge: Challenge,
    answer: EnrolmentAnswer,
  ): Promise<EnrolmentResult> {
    if (!(await this.challenges.attempt(challenge.id))) return { outcome: 'gone' };
    const factor = await this.factorOf(challenge, answer);
    if (!factor) return { outcome: 'refused' };
    const { id, person } = challenge;
    const opened = await this.database.transaction(async (transaction) => {
      if (!(await holdUnchanged(transaction, person))) return undefined;
      const { enrolled } = await this.standings.of(transaction, person.id);
      if (enrolled || !(await this.challenges.end(transaction, id))) return undefined;
      const recoveryCodes = await this.add(transaction, request, challenge, factor);
      const shown = 'credential' in factor ? 'passkey' : 'totp';
      return { recoveryCodes, token: await this.opening.open(transaction, request, person, shown) };
    });
    if (!opened) return { outcome: 'gone' };
    await this.check.succeeded({ actor: ANONYMOUS, origin: requestOrigin(request) }, person);
    return { outcome: 'signed_in', ...opened };
  }

  private async factorOf(challenge: Challenge, answer: EnrolmentAnswer): Promise<NewFactor | undefined> {
    if ('registration' in answer) {
      const credential = await this.relyingParty.created(answer.registration, challenge.webauthn);
      return credential && { credential };
    }
    const secret = challenge.totpSecret!;
    const step = await totpStep(secret, answer.code, this.clock.now());
    return step === undefined ? undefined : { secret, step };
  }

  private async add(
    transaction: Transaction,
    request: FastifyRequest,
    { person }: Challenge,
    factor: NewFactor,
  ): Promise<string[]> {
    const by = { actor: { kind: 'operator', id: person.username } as const, origin: requestOrigin(request) };
    const { recoveryCodes } =
      'secret' in factor
        ? await this.enrolment.addTotp(transaction, by, person, factor)
        : await this.enrolment.addPasskey(transaction, by, person, factor.credential, FIRST_NAME);
    return recoveryCodes!;
  }
}
