import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ANONYMOUS, requestOrigin } from '#access-control';
import { Database } from '#database';
import type { OperatorEntity } from '../operator.entity.js';
import { FactorChallenges } from '../second-factor/factor-challenges.js';
import { FactorStandings } from '../second-factor/factor-standing.js';
import { newTotpSecret } from '../second-factor/totp-secret.js';
import { PasswordCheck, type LockedOut, type Refused } from './password-check.js';
import { SessionOpening } from './session-opening.js';

/** He is in; or he has to show a second factor first, or to enrol one. */
type Next = { outcome: 'signed_in'; token: string } | { outcome: 'second_factor' } | { outcome: 'enrolment' };

export type SignInResult = Next | Refused | LockedOut;

/** Signs people in. Whoever fails is told the same words after the same work, whatever was wrong. */
@Injectable()
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly passwords: PasswordCheck,
    private readonly standings: FactorStandings,
    private readonly challenges: FactorChallenges,
    private readonly opening: SessionOpening,
  ) {}

  /**
   * 1. Not too many have failed to be this person, or anybody, from this address.
   * 2. The person is there, the password is his, and he is active; a hash runs in any case.
   * 3. Nothing of that has changed since; and who has a second factor, or must have one, is not in yet:
   *    what he failed before still counts.
   * 4. The session, or what waits for the factor, is durable with its event.
   * @param browser the browser's own secret
   * @throws Problem 503 while too many hashes wait; that is nobody's failure
   */
  async attempt(
    request: FastifyRequest,
    browser: string,
    username: string,
    password: string,
  ): Promise<SignInResult> {
    const by = { actor: ANONYMOUS, origin: requestOrigin(request) };
    const checked = await this.passwords.try(by, username, password);
    if (checked.outcome !== 'right') return checked;
    const { person } = checked;
    const next = person.active ? await this.goOn(request, browser, person) : undefined;
    if (!next) return this.passwords.refuse(by, person, 'person_inactive');
    if (next.outcome === 'signed_in') await this.passwords.succeeded(by, username);
    else await this.passwords.notYet(by, username);
    return next;
  }

  /** @returns undefined where the person has gone, was deactivated or has another password by now */
  private goOn(request: FastifyRequest, browser: string, person: OperatorEntity): Promise<Next | undefined> {
    return this.database.transaction(async (transaction) => {
      const { rows } = await transaction.query<{ id: string; version: number }>(
        `SELECT id, version FROM operators WHERE id = $1 AND active AND password_hash = $2 FOR NO KEY UPDATE`,
        [person.id, person.passwordHash],
      );
      const [held] = rows;
      if (!held) return undefined;
      // A statement of its own: who enrols, or requires a factor, held the row above until it was done.
      const { enrolled, required } = await this.standings.of(transaction, person.id);
      if (enrolled) {
        await this.challenges.open(transaction, 'sign_in', browser, held);
        return { outcome: 'second_factor' };
      }
      if (required) {
        await this.challenges.open(transaction, 'enrolment', browser, held, newTotpSecret());
        return { outcome: 'enrolment' };
      }
      return { outcome: 'signed_in', token: await this.opening.open(transaction, request, person) };
    });
  }
}
