import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Database } from '#database';
import { Clock } from '#http-api';

const MONTHS_AHEAD = 2;
const CHECK_EVERY_MS = 6 * 60 * 60 * 1000;

/** Makes the monthly partitions of `audit_events` ahead of time; what no month holds goes to the default one. */
@Injectable()
export class AuditPartitions implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('AuditPartitions');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Before anything bootstraps: an event that went to the default partition would keep its month from being made. */
  async onModuleInit(): Promise<void> {
    await this.ensure();
    this.timer = setInterval(() => void this.ensure(), CHECK_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async ensure(): Promise<void> {
    for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead += 1) {
      const { name, from, to } = monthAfter(this.clock.now(), ahead);
      try {
        await this.create(name, from, to);
      } catch (error) {
        this.logger.warn(
          `The audit partition ${name} was not made (${(error as Error).message}); the default one serves.`,
        );
      }
    }
  }

  private async create(name: string, from: string, to: string): Promise<void> {
    const { rows } = await this.database.query<{ exists: boolean }>(
      'SELECT to_regclass($1) IS NOT NULL AS exists',
      [name],
    );
    if (rows[0]!.exists) return;
    await this.database.transaction(async (transaction) => {
      await transaction.query(
        `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF audit_events FOR VALUES FROM ('${from}') TO ('${to}')`,
      );
      await transaction.query(
        `CREATE OR REPLACE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON ${name}
         FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`,
      );
    });
  }
}

function monthAfter(now: Date, ahead: number): { name: string; from: string; to: string } {
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
  const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead + 1, 1));
  const name = `audit_events_${from.toISOString().slice(0, 7).replace('-', '_')}`;
  return { name, from: from.toISOString(), to: to.toISOString() };
}
