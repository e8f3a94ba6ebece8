import { SubCommand } from 'nest-commander';
import { ChainVerification, presentVerification } from '#audit-log';
import { PosternCommand } from '../program/command.js';
import { CommandFailure } from '../program/failure.js';
import { EXIT } from '../program/exit-code.js';

@SubCommand({
  name: 'verify',
  description:
    'Look at every audit event: that none was altered, removed, reordered or slipped in. Ends with 1 where the chain is broken, and names the first fault.',
})
export class VerifyAuditCommand extends PosternCommand {
  protected readonly examples = [
    ['postern audit verify', 'Says what holds, or what is wrong first'],
    ['postern audit verify --json | jq .events', 'For a script'],
  ] as const;

  async run(): Promise<void> {
    const verification = await this.deployment.use(async (app) => {
      using progress = this.output.progress('events');
      let looked = 0;
      return await app.get(ChainVerification).verify((events) => {
        progress.add(events - looked);
        looked = events;
      });
    });
    const { fault, events, unchained, writers, checkpoint } = verification;
    if (fault) throw new CommandFailure(`The audit log is broken. ${fault.message}`, EXIT.failed, { fault });
    const last = checkpoint
      ? `The last checkpoint is ${checkpoint.number}, of ${checkpoint.at.toISOString()}.`
      : 'There is no checkpoint yet.';
    this.output.result(
      presentVerification(verification, true),
      `The audit log holds: ${events} events in ${writers} chains, ${unchained} from before there were any. ${last}`,
    );
  }
}
