import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ANONYMOUS, requestOrigin } from '#access-control';
import type { SecondFactorFailure } from '#audit-log';
import { Database } from '#database';
import type { LockedOut, Refused } from '../../sign-in/password-check.js';
import { SessionOpening } from '../../sign-in/session-opening.js';
import { FactorChallenges, holdUnchanged, type Challenge } from '../factor-challenges.js';
import { factorOf, FactorCheck, type Shown } from '../factor-check.js';

/** What was typed, or a passkey's answer as the page's script sends it. */
export type Answer = { code: string } | { assertion: unknown };

export type SecondFactorResult =
  { outcome: 'signed_in'; token: string } | { outcome: 'gone' } | Refused | LockedOut;

/** The second half of signing in: the password was right, and opened nothing but this. */
@Injectable()
export class SecondFactorSignIn {
  constructor(
    private readonly database: Database,
    private readonly challenges: FactorChallenges,
    private readonly check: FactorCheck,
    private readonly opening: SessionOpening,
  ) {}

  /**
   * 1. An attempt of the few is left.
   * 2. Not too many have failed to be this person, or anybody, from this address.
   * 3. What is shown is his second factor, and was not used before.
   * 4. He is still there, active, and as he was when he showed his password; the challenge is still open.
   * 5. The factor is used up, the challenge over, and the session durable with its event: once.
   */
  async attempt(request: FastifyRequest, challenge: Challenge, answer: Answer): Promise<SecondFactorResult> {
    const { person } = challenge;
    const by = { actor: ANONYMOUS, origin: requestOrigin(request) };
    if (!(await this.challenges.attempt(challenge.id))) return { outcome: 'gone' };
    const presented = 'code' in answer ? answer : { ...answer, challenge: challenge.webauthn };
    const checked = await this.check.try(by, person, presented);
    if (checked.outcome !== 'right') return checked;
    const opened = await this.open(request, challenge, checked.shown);
    if (opened === 'gone') return { outcome: 'gone' };
    if ('failure' in opened) return this.check.refuse(by, person, opened.failure);
    await this.check.succeeded(by, person);
    return { outcome: 'signed_in', token: opened.token };
  }

  private open(
    request: FastifyRequest,
    { id, person }: Challenge,
    shown: Shown,
  ): Promise<{ token: string } | { failure: SecondFactorFailure } | 'gone'> {
    const by = { actor: { kind: 'operator', id: person.username } as const, origin: requestOrigin(request) };
    return this.database.transaction(async (transaction) => {
      if (!(await holdUnchanged(transaction, person))) return { failure: 'person_changed' };
      // One at a time, as his row is held: whoever comes second finds the challenge gone.
      if (!(await this.challenges.isThere(transaction, id))) return 'gone';
      const failure = await this.check.spend(transaction, by, person, shown);
      if (failure) return { failure };
      await this.challenges.end(transaction, id);
      return { token: await this.opening.open(transaction, request, person, factorOf(shown)) };
    });
  }
}
