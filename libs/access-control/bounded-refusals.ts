import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Configuration } from '#configuration';
import { PeriodicBatch } from '#database';
import { tooManyFailures } from './challenges.js';
import { ADDRESS_FACTOR } from './failed-authentications.js';
import { networkOf } from './networks.js';
import { RefusalRecorder, type Refusal } from './refusals.js';
import { MinuteCounts } from './request-limits/minute-counts.js';
import { RequestLimits } from './request-limits/request-limits.js';

const MINUTE_MS = 60 * 1000;

/** What is not on record one by one: the first of them, and how many there were. */
interface NotRecorded {
  refusal: Refusal;
  count: number;
}

/**
 * Puts on record that somebody could not say who he is, within bounds: a refusal costs him nothing
 * and us a row for a year. A stranger's refusals, of no client or token that there is, are on record
 * one by one up to a limit per address and minute; those of known ones as long as the address keeps
 * within `POSTERN_RATE_LIMIT_REQUESTS`. Beyond that the answer is 429, and one event a minute counts:
 * one for each known client, as it is for its customer to see.
 */
@Injectable()
export class BoundedRefusals implements BeforeApplicationShutdown {
  private readonly strangersLimit: number;
  private readonly beyond: PeriodicBatch<string, NotRecorded>;

  constructor(
    private readonly recorder: RefusalRecorder,
    private readonly counts: MinuteCounts,
    private readonly limits: RequestLimits,
    { rateLimitFailures }: Configuration,
  ) {
    this.strangersLimit = rateLimitFailures * ADDRESS_FACTOR;
    this.beyond = new PeriodicBatch((entries) => this.writeCounted(entries.map(([, value]) => value)), {
      periodMs: MINUTE_MS,
      merge: ({ refusal, count }, later) => ({ refusal, count: count + later.count }),
    });
  }

  /** It is durable when this resolves. @throws Problem 429 where it was only counted */
  async record(refusal: Refusal): Promise<void> {
    const network = networkOf(refusal.origin.ip);
    const seconds = this.limits.usedUpBy(refusal.origin.ip) ?? this.strangerWaits(refusal, network);
    if (seconds === undefined) return this.recorder.recordRefusal(refusal);
    this.beyond.note(`${refusal.type} ${network} ${knownClient(refusal)}`, { refusal, count: 1 });
    throw tooManyFailures(seconds);
  }

  /** What is left of the minute, before the database is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.beyond.close();
  }

  private strangerWaits({ customer_id: customerId, detail }: Refusal, network: string): number | undefined {
    // That somebody is locked out comes once a minute.
    const once = 'reason' in detail && detail.reason === 'too_many_failures';
    if (customerId !== null || once) return undefined;
    const { count, seconds } = this.counts.take(`stranger:${network}`, this.strangersLimit);
    return count > this.strangersLimit ? seconds : undefined;
  }

  private async writeCounted(counted: NotRecorded[]): Promise<void> {
    await Promise.all(
      counted.map(({ refusal, count }) => this.recorder.recordRefusal(inOne(refusal, count))),
    );
  }
}

/** What a stranger calls himself is anything, and anybody's. */
function knownClient({ customer_id: customerId, client_id: clientId }: Refusal): string {
  return customerId === null ? '' : (clientId ?? customerId);
}

function inOne(refusal: Refusal, count: number): Refusal {
  const { ip } = refusal.origin;
  const message = `${count} further refusals of ${ip ?? 'an unknown address'} are counted here, the first of them: ${refusal.detail.message}`;
  return { ...refusal, detail: { ...refusal.detail, message, count } } as Refusal;
}
