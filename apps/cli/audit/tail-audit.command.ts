import { setTimeout as pause } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { Option, SubCommand } from 'nest-commander';
import { AUDIT_EVENTS, AuditEventReader, type AuditEventDto } from '#audit-log';
import { parseListRequest, type Page } from '#http-api';
import { cliCaller } from '../program/cli-caller.js';
import { PosternCommand } from '../program/command.js';
import { everyRow } from '../program/every-row.js';
import { printable } from '../program/printable.js';
import { CommandFailure } from '../program/failure.js';

const EVERY_MS = 500;
/** An event is there when its transaction is: others may bear a later time already. */
const LATE_MS = 10_000;
const MOST = 1000;

interface Options {
  follow?: true;
  lines?: number;
  type?: string;
  outcome?: string;
  client?: string;
  actor?: string;
  ip?: string;
  search?: string;
}

/** Events as they come, each once, the oldest first. */
@SubCommand({
  name: 'tail',
  description: 'Show the latest audit events, and with -f those that come. --json prints one a line.',
})
export class TailAuditCommand extends PosternCommand {
  protected readonly examples = [
    ['postern audit tail -f', 'What happens, as it happens'],
    ['postern audit tail -n 100 --outcome failure --client siem', 'What a client was refused of late'],
    ['postern audit tail -f --json --type access_token.expired_use | jq .detail', 'For a script'],
  ] as const;

  async run(_arguments: string[], { follow, lines = 20, ...filters }: Options): Promise<void> {
    const query = {
      type: filters.type,
      outcome: filters.outcome,
      client_id: filters.client,
      actor: filters.actor,
      ip: filters.ip,
      search: filters.search,
    };
    await this.deployment.use(async (app) => {
      const latest = await latestOf(app, query, lines);
      for (const event of latest) this.print(event);
      if (follow) await this.follow(app, query, latest);
    });
  }

  /** Until the process is ended. */
  private async follow(
    app: INestApplicationContext,
    query: Record<string, string | undefined>,
    shown: AuditEventDto[],
  ): Promise<never> {
    // What was left out by -n is no news.
    const begin = shown[0]?.at ?? new Date();
    let from = shown.at(-1)?.at ?? begin;
    let seen = new Set(shown.map(({ id }) => id));
    for (;;) {
      await pause(EVERY_MS);
      const since = new Date(from.getTime() - LATE_MS);
      const events = await everyRow<AuditEventDto>(
        AUDIT_EVENTS,
        { ...query, sort: 'at', from: since.toISOString() },
        (request) => app.get(AuditEventReader).list(cliCaller(''), request),
      );
      for (const event of events) {
        if (event.at >= begin && !seen.has(event.id)) this.print(event);
        if (event.at > from) from = event.at;
      }
      seen = new Set(events.map(({ id }) => id));
    }
  }

  private print(event: AuditEventDto): void {
    process.stdout.write(`${printable(this.output.json ? JSON.stringify(event) : lineOf(event))}\n`);
  }

  @Option({ flags: '-f, --follow', description: 'Go on with what comes.' })
  follows(): true {
    return true;
  }

  @Option({ flags: '-n, --lines <count>', description: `How many to begin with, to ${MOST} (20).` })
  lines(count: string): number {
    if (!/^\d{1,4}$/.test(count) || Number(count) > MOST)
      throw CommandFailure.usage(`--lines takes a number from 0 to ${MOST}.`);
    return Number(count);
  }

  @Option({ flags: '--type <type>', description: 'Of this type, e.g. client.created.' })
  type(type: string): string {
    return type;
  }

  @Option({ flags: '--outcome <outcome>', description: 'success or failure.' })
  outcome(outcome: string): string {
    return outcome;
  }

  @Option({ flags: '--client <client_id>', description: 'About this client.' })
  client(clientId: string): string {
    return clientId;
  }

  @Option({ flags: '--actor <name>', description: 'What this client or person did.' })
  actor(name: string): string {
    return name;
  }

  @Option({ flags: '--ip <address>', description: 'From this address.' })
  ip(address: string): string {
    return address;
  }

  @Option({ flags: '--search <text>', description: 'With this in its type, client, actor, path or message.' })
  search(text: string): string {
    return text;
  }
}

/** The oldest first. */
async function latestOf(
  app: INestApplicationContext,
  query: Record<string, string | undefined>,
  lines: number,
): Promise<AuditEventDto[]> {
  const search = new URLSearchParams({ limit: String(Math.max(lines, 1)), sort: '-at' });
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  const request = parseListRequest(AUDIT_EVENTS, { url: `/?${search}` });
  const { items } = (await app.get(AuditEventReader).list(cliCaller(''), request)) as Page<AuditEventDto>;
  return items.slice(0, lines).toReversed();
}

function lineOf({ at, type, outcome, actor, client_id, ip, detail }: AuditEventDto): string {
  const { message } = detail as { message?: string };
  const parts = [
    at.toISOString(),
    outcome === 'failure' ? 'refused' : 'done',
    type,
    actor.id ?? actor.kind,
    client_id !== null && client_id !== actor.id && `client=${client_id}`,
    ip && `from=${ip}`,
    message ?? JSON.stringify(detail),
  ];
  return parts.filter(Boolean).join('  ');
}
