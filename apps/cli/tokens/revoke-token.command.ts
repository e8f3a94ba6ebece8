import { Option, SubCommand } from 'nest-commander';
import { TokenAdministration } from '#tokens';
import { cliCaller } from '../program/cli-caller.js';
import { PosternCommand } from '../program/command.js';
import { confirm } from '../program/secret-input.js';
import { CommandFailure } from '../program/failure.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

@SubCommand({
  name: 'revoke',
  description:
    'Revoke one access token by its id (tokens list), or all of a client’s with its refresh tokens and codes.',
  arguments: '[id]',
})
export class RevokeTokenCommand extends PosternCommand {
  protected readonly examples = [
    [
      'postern tokens revoke 019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f',
      'Refused from the next call on, everywhere',
    ],
    ['postern tokens revoke --client siem --yes', 'All that the client has'],
  ] as const;

  async run([id]: string[], { client, yes = false }: { client?: string; yes?: boolean }): Promise<void> {
    if ((id === undefined) === (client === undefined))
      throw CommandFailure.usage('It takes the id of a token, or --client.');
    if (id !== undefined && !UUID.test(id))
      throw CommandFailure.usage(
        'It takes the id of a token as `tokens list` shows it, never the token itself.',
      );
    if (client !== undefined) await confirm(`Revoke all tokens of ${client}?`, yes);
    await this.deployment.use((app) => {
      const tokens = app.get(TokenAdministration);
      return id === undefined ? tokens.revokeAll(cliCaller(''), client!) : tokens.revoke(cliCaller(''), id);
    });
    const what = id === undefined ? `All tokens of ${client}` : `Token ${id}`;
    this.output.result({ id, client_id: client, revoked: true }, `${what}: revoked.`);
  }

  @Option({ flags: '--client <client_id>', description: 'All tokens of this client.' })
  client(clientId: string): string {
    return clientId;
  }

  @Option({ flags: '--yes', description: 'Do not ask.' })
  yes(): boolean {
    return true;
  }
}
