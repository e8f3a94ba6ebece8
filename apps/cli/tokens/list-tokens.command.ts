import type { INestApplicationContext } from '@nestjs/common';
import { Option, SubCommand } from 'nest-commander';
import { Clock, Lists, type ListRequest } from '#http-api';
import { accessTokenList, presentToken, type AccessTokenDto, type AccessTokenEntity } from '#tokens';
import { PosternCommand } from '../program/command.js';
import { everyRow } from '../program/every-row.js';

/** A page of the access tokens of every customer, or all of them as a stream. */
export function tokensOf(app: INestApplicationContext, request: ListRequest): Promise<object> {
  const now = app.get(Clock).now();
  return app
    .get(Lists)
    .answer(accessTokenList, request, [], (row) => presentToken(row as unknown as AccessTokenEntity, now));
}

@SubCommand({ name: 'list', description: 'List access tokens, never the tokens themselves.' })
export class ListTokensCommand extends PosternCommand {
  protected readonly examples = [
    ['postern tokens list --client siem', 'The active ones of a client'],
    ['postern tokens list --status expired --expires-before 2026-01-01T00:00:00Z --json', 'For a report'],
  ] as const;

  async run(
    _arguments: string[],
    {
      client,
      status = 'active',
      expiresBefore,
    }: { client?: string; status?: string; expiresBefore?: string },
  ): Promise<void> {
    const query = {
      client_id: client,
      status: status === 'all' ? undefined : status,
      expires_before: expiresBefore,
    };
    const tokens = await this.deployment.use((app) =>
      everyRow<AccessTokenDto>(accessTokenList, query, (request) => tokensOf(app, request)),
    );
    const columns = [
      'id',
      'client_id',
      'status',
      'grant_type',
      'expires_at',
      'last_used_at',
      'hint',
    ] as const;
    this.output.rows(tokens, columns, 'There are none.');
  }

  @Option({ flags: '--client <client_id>', description: 'Of this client alone.' })
  client(clientId: string): string {
    return clientId;
  }

  @Option({ flags: '--status <status>', description: 'active (the default), expired, revoked or all.' })
  status(status: string): string {
    return status;
  }

  @Option({
    flags: '--expires-before <time>',
    description: 'Those that expire before this, as 2027-01-31T12:00:00Z.',
  })
  expiresBefore(time: string): string {
    return time;
  }
}
