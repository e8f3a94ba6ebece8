import { Option, SubCommand } from 'nest-commander';
import { parse } from 'yaml';
import { ClientRegistry, CreateClientDto, presentClient } from '#clients';
import { validated } from '#http-api';
import { actingCustomer } from '../program/acting-customer.js';
import { cliCaller } from '../program/cli-caller.js';
import { PosternCommand } from '../program/command.js';
import { CommandFailure } from '../program/failure.js';
import { secretFromStdin } from '../program/secret-input.js';
import { card } from '../program/table.js';
import { listOf } from '../program/values.js';

interface Options {
  clientId?: string;
  customer?: string;
  scopes?: string[];
  set?: Record<string, unknown>;
  secretStdin?: boolean;
}

@SubCommand({
  name: 'create',
  description: 'Register an API application, and print its secret this once.',
  arguments: '<name>',
  argsDescription: { name: 'What people call it; unique within its customer.' },
})
export class CreateClientCommand extends PosternCommand {
  protected readonly examples = [
    [
      'postern clients create "SIEM connector" --scopes devices:read,sessions:read',
      'Its id and secret are generated',
    ],
    [
      'postern clients create CMDB --set access_token_ttl=600 --set "allowed_cidrs=[10.20.0.0/16]"',
      'Any field of the API',
    ],
    ['pass siem | postern clients create SIEM --client-id siem --secret-stdin', 'With a secret of your own'],
  ] as const;

  async run([name]: string[], { clientId, customer, scopes, set, secretStdin }: Options): Promise<void> {
    if (set && 'client_secret' in set)
      throw CommandFailure.usage(
        'A secret is never an argument, as others see those: --secret-stdin takes it.',
      );
    const fields = { ...set, name, client_id: clientId ?? set?.client_id, scopes: scopes ?? set?.scopes };
    const secret = secretStdin ? await secretFromStdin('client secret') : undefined;
    const dto = await validated(CreateClientDto, {
      ...defined(fields),
      ...(secret && { client_secret: secret }),
    });
    const { client, clientSecret } = await this.deployment.use(async (app) => {
      const caller = cliCaller(await actingCustomer(app, customer ?? dto.customer_id));
      return app.get(ClientRegistry).register(caller, { ...dto, customer_id: caller.customerId });
    });
    const shown = secretStdin ? undefined : clientSecret;
    const { client_id, scopes: granted, customer_id } = presentClient(client);
    this.output.result(
      { ...presentClient(client), client_secret: shown },
      card({ client_id, client_secret: shown, customer_id, scopes: granted }),
    );
  }

  @Option({ flags: '--client-id <id>', description: 'Default: generated.' })
  clientId(id: string): string {
    return id;
  }

  @Option({ flags: '--customer <id>', description: 'Whose it is; default: POSTERN_DEFAULT_CUSTOMER.' })
  customer(id: string): string {
    return id;
  }

  @Option({ flags: '--scopes <list>', description: 'With commas; default: the nine read scopes.' })
  scopes(list: string): string[] {
    return listOf(list);
  }

  @Option({
    flags: '--set <field=value>',
    description: 'Any other field of the API, its value in YAML; again and again.',
  })
  set(pair: string, before: Record<string, unknown> = {}): Record<string, unknown> {
    const [, field, value] = /^([a-z_]+)=(.*)$/s.exec(pair) ?? [];
    if (field === undefined)
      throw CommandFailure.usage(`--set takes field=value, not ${JSON.stringify(pair)}.`);
    try {
      return { ...before, [field]: parse(value!) as unknown };
    } catch {
      throw CommandFailure.usage(`--set ${field} takes a value in YAML or JSON.`);
    }
  }

  @Option({ flags: '--secret-stdin', description: 'Take the secret from stdin instead of generating one.' })
  secretStdin(): boolean {
    return true;
  }
}

function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
