import { Option, SubCommand } from 'nest-commander';
import { ClientRegistry, ClientStore } from '#clients';
import { cliCaller } from '../program/cli-caller.js';
import { PosternCommand } from '../program/command.js';
import { confirm } from '../program/secret-input.js';

@SubCommand({
  name: 'delete',
  description: 'Remove a client, and end its secrets and all its tokens for good.',
  arguments: '<client_id>',
})
export class DeleteClientCommand extends PosternCommand {
  protected readonly examples = [
    ['postern clients delete siem', 'Asks first'],
    ['postern clients delete siem --yes', 'For a script'],
  ] as const;

  async run([clientId]: string[], { yes = false }: { yes?: boolean }): Promise<void> {
    await this.deployment.use(async (app) => {
      const { name } = await app.get(ClientStore).see(cliCaller(''), clientId!);
      await confirm(`Delete ${clientId} (${name}), and end all its tokens for good?`, yes);
      await app.get(ClientRegistry).remove(cliCaller(''), clientId!);
    });
    this.output.result({ client_id: clientId, deleted: true }, `${clientId} is deleted.`);
  }

  @Option({ flags: '--yes', description: 'Do not ask.' })
  yes(): boolean {
    return true;
  }
}
