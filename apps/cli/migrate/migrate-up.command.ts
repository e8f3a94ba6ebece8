import { SubCommand } from 'nest-commander';
import { migrate, migrationTitle } from '#database';
import { PosternCommand } from '../program/command.js';

@SubCommand({
  name: 'up',
  description:
    'Apply what is pending, as a start of the server does, also while instances of the version before are running.',
})
export class MigrateUpCommand extends PosternCommand {
  protected readonly examples = [
    ['postern migrate up', 'Before the first instance of a new version starts, or instead'],
  ] as const;

  async run(): Promise<void> {
    const applied = await this.deployment.withDatabase(({ connection }) => migrate(connection));
    const words =
      applied.length === 0
        ? 'Nothing was pending.'
        : applied.map((one) => `${migrationTitle(one)} applied`).join('\n');
    this.output.result({ applied }, words);
  }
}
