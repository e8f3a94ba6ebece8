import { SubCommand } from 'nest-commander';
import { OperatorFactors } from '#operators';
import { cliCaller } from '../program/cli-caller.js';
import { PosternCommand } from '../program/command.js';
import { CommandFailure } from '../program/failure.js';
import { everyOperator } from './list-operators.command.js';

@SubCommand({
  name: 'reset-second-factor',
  description:
    'Remove a person’s passkeys, app and recovery codes, for one who has lost them. It ends his sessions, and what the console and Swagger UI got by them.',
  arguments: '<username>',
})
export class ResetSecondFactorCommand extends PosternCommand {
  protected readonly examples = [
    ['postern operators reset-second-factor ada', 'She signs in by her password, and enrols a new one'],
  ] as const;

  async run([username]: string[]): Promise<void> {
    await this.deployment.use(async (app) => {
      const people = await everyOperator(app, username);
      const person = people.find((one) => one.username.toLowerCase() === username!.toLowerCase());
      if (!person) throw new CommandFailure(`There is no person ${JSON.stringify(username)}.`);
      await app.get(OperatorFactors).reset(cliCaller(person.customer_id), person.id);
    });
    this.output.result({ username }, `${username} has no second factor any more.`);
  }
}
