import { setTimeout as pause } from 'node:timers/promises';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { AuditCheckpoints } from './audit-checkpoints.js';
import { AuditRetention } from './audit-retention.js';

const EVERY_MS = 60 * 1000;

/** What the audit log needs done again and again: checkpoints, and the end of what is kept no longer. */
@Injectable()
export class AuditUpkeep implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger('AuditUpkeep');
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly checkpoints: AuditCheckpoints,
    private readonly retention: AuditRetention,
  ) {}

  /** Once a minute, the first time after a while, until the server stops. */
  begin(everyMs = EVERY_MS): void {
    this.running = this.repeat(everyMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** The last requests have been answered. */
  async onApplicationShutdown(): Promise<void> {
    if (this.running) await this.attempt(() => this.checkpoints.take());
  }

  private async repeat(everyMs: number): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      await pause(everyMs, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      await this.attempt(() => this.checkpoints.take());
      await this.attempt(() => this.retention.drop());
    }
  }

  private async attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.logger.warn(`Not done for now: ${(error as Error).message}`);
    }
  }
}
