import { Option, SubCommand } from 'nest-commander';
import { clientList, ClientListReader, type ClientDto } from '#clients';
import { cliCaller } from '../program/cli-caller.js';
import { PosternCommand } from '../program/command.js';
import { everyRow } from '../program/every-row.js';

interface Filters {
  search?: string;
  customer?: string;
  scope?: string;
  active?: string;
  sort?: string;
}

@SubCommand({ name: 'list', description: 'List API applications, never with a secret.' })
export class ListClientsCommand extends PosternCommand {
  protected readonly examples = [
    ['postern clients list', 'All of them, in every customer'],
    ['postern clients list --search siem --active true', 'Those that may act and are named like it'],
    ['postern clients list --json | jq -r ".[].client_id"', 'For a script'],
  ] as const;

  async run(_arguments: string[], { search, customer, scope, active, sort }: Filters): Promise<void> {
    const clients = await this.deployment.use((app) =>
      everyRow<ClientDto>(clientList, { search, customer_id: customer, scope, active, sort }, (request) =>
        app.get(ClientListReader).list(cliCaller(''), request),
      ),
    );
    const columns = ['client_id', 'name', 'customer_id', 'active', 'last_used_at', 'scopes'] as const;
    this.output.rows(clients, columns, 'There are none.');
  }

  @Option({ flags: '--search <text>', description: 'In the client id, the name or the notes.' })
  search(text: string): string {
    return text;
  }

  @Option({ flags: '--customer <id>', description: 'Of this customer alone.' })
  customer(id: string): string {
    return id;
  }

  @Option({ flags: '--scope <name>', description: 'That have this scope.' })
  scope(name: string): string {
    return name;
  }

  @Option({ flags: '--active <flag>', description: 'Those that may act (true), or may not (false).' })
  active(flag: string): string {
    return flag;
  }

  @Option({
    flags: '--sort <column>',
    description: 'A column of the API’s list, - for descending; default: name.',
  })
  sort(column: string): string {
    return column;
  }
}
