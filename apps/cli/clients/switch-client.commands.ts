import { SubCommand } from 'nest-commander';
import { ClientRegistry } from '#clients';
import { cliCaller } from '../program/cli-caller.js';
import { PosternCommand } from '../program/command.js';

abstract class SwitchClientCommand extends PosternCommand {
  protected abstract readonly active: boolean;

  async run([clientId]: string[]): Promise<void> {
    const { active } = this;
    await this.deployment.use((app) => app.get(ClientRegistry).change(cliCaller(''), clientId!, { active }));
    this.output.result({ client_id: clientId, active }, `${clientId} is ${active ? 'active' : 'inactive'}.`);
  }
}

@SubCommand({
  name: 'disable',
  description: 'Let a client act no more: its tokens are suspended, from the next call on.',
  arguments: '<client_id>',
})
export class DisableClientCommand extends SwitchClientCommand {
  protected readonly active = false;
  protected readonly examples = [['postern clients disable siem', 'At once, on every instance']] as const;
}

@SubCommand({
  name: 'enable',
  description: 'Let a client act again, with the tokens that it has.',
  arguments: '<client_id>',
})
export class EnableClientCommand extends SwitchClientCommand {
  protected readonly active = true;
  protected readonly examples = [
    ['postern clients enable siem', 'Its suspended tokens are good again'],
  ] as const;
}
