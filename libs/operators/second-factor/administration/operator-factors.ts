import { Injectable } from '@nestjs/common';
import { requireRank, StepUp, type Caller } from '#access-control';
import { Database } from '#database';
import { Clock } from '#http-api';
import { acting } from '../../acting.js';
import { OperatorStore } from '../../administration/operator-store.js';
import { ForcedSignOut } from '../../forced-sign-out.js';
import { FactorEnrolment } from '../factor-enrolment.js';
import { FactorStandings } from '../factor-standing.js';
import { RecoveryCodes } from '../recovery-codes.js';
import type { FactorStandingDto } from './operator-factors.dto.js';

/** What an administrator sees of a person's second factors, and does for one who has lost them. */
@Injectable()
export class OperatorFactors {
  constructor(
    private readonly database: Database,
    private readonly store: OperatorStore,
    private readonly standings: FactorStandings,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly enrolment: FactorEnrolment,
    private readonly signOut: ForcedSignOut,
    private readonly stepUp: StepUp,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem 404 */
  async see(caller: Caller, id: string): Promise<FactorStandingDto> {
    const person = await this.store.see(caller, id);
    const standing = await this.standings.of(this.database, person.id);
    return { ...standing, recovery_codes_left: await this.recoveryCodes.left(this.database, person.id) };
  }

  /**
   * Removes all factors of a person with his recovery codes, and signs him out everywhere: as by a new
   * password, he who asks can take his place, so that the same rank is asked for.
   * @throws LackingRank, LackingScopes 403, StaleSecondFactor 401, Problem 404
   */
  async reset(caller: Caller, id: string): Promise<void> {
    await this.stepUp.require(caller);
    await this.database.transaction(async (transaction) => {
      const person = await this.store.lock(transaction, caller, id);
      requireRank(caller, person.role);
      await this.enrolment.removeAll(transaction, acting(caller), person);
      await this.signOut.end(transaction, acting(caller), person, this.clock.now(), 'second_factor_reset');
    });
  }
}
