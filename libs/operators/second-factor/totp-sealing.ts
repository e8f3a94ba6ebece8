import { Injectable, Logger } from '@nestjs/common';
import { Database } from '#database';
import { MasterKeys, SealError } from '#sealing';
import { Totps } from './totps.js';

const BATCH = 500;
/** Before every id that there is. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** What a start does about the secrets of people's apps at rest. */
@Injectable()
export class TotpSealing {
  private readonly logger = new Logger('SecondFactor');

  constructor(
    private readonly database: Database,
    private readonly masterKeys: MasterKeys,
    private readonly totps: Totps,
  ) {}

  /**
   * Seals what is not sealed under the first master key, in batches, each a transaction. The vault is
   * another matter: these are needed whether it is on or off.
   * @returns how many
   * @throws SealError for one that no key opens
   */
  async run(): Promise<number> {
    let done = 0;
    for (let after: string | undefined = FIRST_ID; after !== undefined;) {
      after = await this.database.transaction(async (transaction) => {
        const { rows } = await transaction.query<{ operator: string; secret: string }>(
          `SELECT operator, secret FROM operator_totps WHERE operator > $1
           ORDER BY operator LIMIT ${BATCH} FOR NO KEY UPDATE`,
          [after],
        );
        for (const { operator, secret } of rows) {
          const opened = this.opened(operator, secret);
          if (this.masterKeys.isCurrent(secret)) continue;
          await transaction.query('UPDATE operator_totps SET secret = $2 WHERE operator = $1', [
            operator,
            this.totps.closed(operator, opened),
          ]);
          done += 1;
        }
        return rows.length < BATCH ? undefined : rows.at(-1)!.operator;
      });
    }
    if (done > 0) this.logger.log(`${done} × operator_totps.secret sealed anew`);
    return done;
  }

  private opened(operator: string, secret: string): string {
    try {
      return this.totps.opened(operator, secret);
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      throw new SealError(
        `The second factor of the person ${operator} does not open. ${error.message} POSTERN_MASTER_KEY takes the keys of before, too, after the new one.`,
        { cause: error },
      );
    }
  }
}
