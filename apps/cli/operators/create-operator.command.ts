import { Option, SubCommand } from 'nest-commander';
import { CreateOperatorDto, OperatorRegistry, presentOperator } from '#operators';
import { validated } from '#http-api';
import { actingCustomer } from '../program/acting-customer.js';
import { cliCaller } from '../program/cli-caller.js';
import { card } from '../program/table.js';
import { newPassword, type PasswordOptions } from './new-password.js';
import { PasswordCommand } from './password-command.js';

interface Options extends PasswordOptions {
  role?: string;
  email?: string;
  customer?: string;
}

@SubCommand({
  name: 'create',
  description: 'Add a person. Asks for the password, without an echo.',
  arguments: '<username>',
})
export class CreateOperatorCommand extends PasswordCommand {
  protected readonly examples = [
    ['postern operators create ada --role admin --email ada@example.com', 'Asks for the password'],
    ['postern operators create bob --role auditor --generate', 'Makes one, and prints it'],
    ['pass bob | postern operators create bob --role owner --password-stdin', 'From a pipe'],
  ] as const;

  async run([username]: string[], { role = 'user', email, customer, ...options }: Options): Promise<void> {
    const { password, generated } = await newPassword(options);
    const dto = await validated(CreateOperatorDto, { username, password, role, ...(email && { email }) });
    const operator = await this.deployment.use(async (app) => {
      const caller = cliCaller(await actingCustomer(app, customer));
      return presentOperator(await app.get(OperatorRegistry).add(caller, dto));
    });
    const { id, customer_id } = operator;
    this.output.result(
      { ...operator, password: generated },
      card({ id, username, password: generated, role, customer_id }),
    );
  }

  @Option({ flags: '--role <role>', description: 'user (the default), auditor, admin or owner.' })
  role(role: string): string {
    return role;
  }

  @Option({ flags: '--email <address>', description: 'Where he is reached.' })
  email(address: string): string {
    return address;
  }

  @Option({ flags: '--customer <id>', description: 'Whose he is; default: POSTERN_DEFAULT_CUSTOMER.' })
  customer(id: string): string {
    return id;
  }
}
