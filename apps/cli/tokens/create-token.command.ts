import { Option, SubCommand } from 'nest-commander';
import { Clock, validated } from '#http-api';
import { HandOutTokenDto, presentToken, TokenAdministration } from '#tokens';
import { cliCaller } from '../program/cli-caller.js';
import { PosternCommand } from '../program/command.js';
import { CommandFailure } from '../program/failure.js';
import { card } from '../program/table.js';
import { listOf, seconds } from '../program/values.js';

interface Options {
  expiresIn?: number;
  expiresAt?: string;
  scopes?: string[];
  note?: string;
}

@SubCommand({
  name: 'create',
  description: 'Hand out an access token with a chosen expiry, printed this once.',
  arguments: '<client_id>',
})
export class CreateTokenCommand extends PosternCommand {
  protected readonly examples = [
    [
      'postern tokens create siem --expires-in 90d --note "appliance in rack 7"',
      'With all scopes of its client',
    ],
    ['postern tokens create siem --expires-at 2027-06-30T23:59:59Z --scopes devices:read', 'With one alone'],
    ['postern tokens create siem --expires-in 1h --json | jq -r .access_token', 'For a script'],
  ] as const;

  async run([clientId]: string[], { expiresIn, expiresAt, scopes, note }: Options): Promise<void> {
    if (expiresIn === undefined && expiresAt === undefined)
      throw CommandFailure.usage('A token that is handed out needs --expires-in or --expires-at.');
    const dto = await validated(HandOutTokenDto, {
      ...(expiresIn !== undefined && { expires_in: expiresIn }),
      ...(expiresAt !== undefined && { expires_at: expiresAt }),
      ...(scopes && { scopes }),
      ...(note !== undefined && { note }),
    });
    const result = await this.deployment.use(async (app) => {
      const { token, accessToken } = await app
        .get(TokenAdministration)
        .handOut(cliCaller(''), clientId!, dto);
      return { ...presentToken(token, app.get(Clock).now()), access_token: accessToken };
    });
    const { id, access_token, client_id, scopes: granted, expires_at } = result;
    this.output.result(result, card({ id, access_token, client_id, scopes: granted, expires_at }));
  }

  @Option({
    flags: '--expires-in <time>',
    description: 'How long it is good: seconds, or 12h, 90d, 1y; five years at most.',
  })
  expiresIn(time: string): number {
    return seconds(time);
  }

  @Option({ flags: '--expires-at <time>', description: 'Until when it is good, as 2027-01-31T12:00:00Z.' })
  expiresAt(time: string): string {
    return time;
  }

  @Option({ flags: '--scopes <list>', description: 'Of those of its client, with commas; default: all.' })
  scopes(list: string): string[] {
    return listOf(list);
  }

  @Option({ flags: '--note <text>', description: 'What it is for.' })
  note(text: string): string {
    return text;
  }
}
