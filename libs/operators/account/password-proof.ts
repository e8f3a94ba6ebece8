import { Injectable } from '@nestjs/common';
import { tooManyFailures, type PersonCaller } from '#access-control';
import { Problem } from '#http-api';
import type { OperatorEntity } from '../operator.entity.js';
import { PasswordCheck } from '../sign-in/password-check.js';

/** That it is he who asks, by his current password: whoever found his console open does not have it. */
@Injectable()
export class PasswordProof {
  constructor(private readonly check: PasswordCheck) {}

  /** @throws Problem 400 naming `current_password`, 429 where too many have failed */
  async require(caller: PersonCaller, username: string, password: string): Promise<OperatorEntity> {
    const { actor, origin, clientId, tokenId } = caller;
    const by = { actor, origin, client_id: clientId, token_id: tokenId };
    const checked = await this.check.try(by, username, password);
    if (checked.outcome === 'locked') throw tooManyFailures(checked.seconds);
    if (checked.outcome === 'refused') throw notHis();
    // Among what failed may be codes of his second factor, which nobody guesses on with by the password.
    await this.check.notYet(by, username);
    return checked.person;
  }
}

export function notHis(): Problem {
  return Problem.invalidField('current_password', 'is not your password');
}
