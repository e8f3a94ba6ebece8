import { SubCommand } from 'nest-commander';
import { OperatorRegistry, UpdateOperatorDto } from '#operators';
import { validated } from '#http-api';
import { cliCaller } from '../program/cli-caller.js';
import { CommandFailure } from '../program/failure.js';
import { card } from '../program/table.js';
import { everyOperator } from './list-operators.command.js';
import { newPassword, type PasswordOptions } from './new-password.js';
import { PasswordCommand } from './password-command.js';

@SubCommand({
  name: 'reset-password',
  description:
    'Set a person’s password. It ends his sessions, and what the console and Swagger UI got by them.',
  arguments: '<username>',
})
export class ResetPasswordCommand extends PasswordCommand {
  protected readonly examples = [
    ['postern operators reset-password owner', 'Asks for the new one, without an echo'],
    ['postern operators reset-password owner --generate', 'Makes one, and prints it'],
  ] as const;

  async run([username]: string[], options: PasswordOptions): Promise<void> {
    const { password, generated } = await newPassword(options);
    const dto = await validated(UpdateOperatorDto, { password });
    await this.deployment.use(async (app) => {
      const people = await everyOperator(app, username);
      const person = people.find((one) => one.username.toLowerCase() === username!.toLowerCase());
      if (!person) throw new CommandFailure(`There is no person ${JSON.stringify(username)}.`);
      await app.get(OperatorRegistry).change(cliCaller(person.customer_id), person.id, dto);
    });
    const words = generated ? card({ username, password: generated }) : `${username} has a new password.`;
    this.output.result({ username, password: generated }, words);
  }
}
