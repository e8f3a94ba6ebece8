import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import pg from 'pg';
import { GroupCommit } from '../group-commit.js';
import { CHANNEL, ChangeFeed } from './change-feed.js';

/** How often the connection is probed, in milliseconds. */
const PROBE_EVERY_MS = 250;
/** How old the latest probe that came back may be; beyond that nothing is trusted. */
const TRUSTED_MS = 750;
/** How long a probe or an answer is waited for before the connection is given up for a new one. */
const LOST_MS = 3_000;
const CONNECT_MS = 5_000;

/** A notification to ourselves. */
class Probe {
  readonly sentAt = performance.now();
  settle!: () => void;
  /** Resolves when it came back, or never will. */
  readonly done = new Promise<void>((resolve) => (this.settle = resolve));
}

/**
 * A connection of its own that listens. Notifications come in the order of their commits, so one
 * that this instance sends itself proves, when it comes back, that all before it have arrived: a
 * connection that is cut, half open, or that a pooler has swapped for another, proves nothing.
 */
export class PostgresChangeFeed extends ChangeFeed implements OnModuleInit, OnApplicationShutdown {
  private readonly me = `probe:${randomUUID()}:`;
  private connection: pg.Client | undefined;
  private connecting = false;
  private closed = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly settling = new GroupCommit<undefined>(() => this.settleAll(), {
    // What they wait for is committed: nobody may be turned away.
    maxWaiting: Infinity,
  });
  private probes: Probe[] = [];
  private sent = 0;
  /** When the latest probe that came back was sent. */
  private provenAt = -Infinity;

  constructor(private readonly url: string) {
    super();
  }

  get isLive(): boolean {
    return performance.now() - this.provenAt < TRUSTED_MS;
  }

  /** A database that does not let us listen costs speed alone. */
  async onModuleInit(): Promise<void> {
    this.timer = setInterval(() => this.tick(), PROBE_EVERY_MS).unref();
    await this.connect();
  }

  onApplicationShutdown(): void {
    this.closed = true;
    clearInterval(this.timer);
    if (this.connection) this.lose(this.connection);
  }

  /** Those who commit meanwhile share the next probe: it has to be sent after their commits. */
  settle(): Promise<void> {
    return this.settling.add(undefined);
  }

  private async settleAll(): Promise<void> {
    // Whoever connects later begins by forgetting everything.
    const { connection } = this;
    if (!connection) return;
    const giveUp = setTimeout(() => this.lose(connection), TRUSTED_MS);
    await this.probe(connection).done;
    clearTimeout(giveUp);
  }

  private tick(): void {
    const { connection } = this;
    if (!connection) void this.connect();
    else if (this.probes[0] && performance.now() - this.probes[0].sentAt > LOST_MS) this.lose(connection);
    else if (this.probes.length === 0) this.probe(connection);
  }

  private async connect(): Promise<void> {
    if (this.connecting) return;
    this.connecting = true;
    const connection = this.client();
    connection.on('error', () => this.lose(connection));
    connection.on('end', () => this.lose(connection));
    connection.on('notification', ({ payload }) => this.hear(payload ?? ''));
    try {
      await connection.connect();
      await connection.query(`LISTEN ${CHANNEL}`);
      await this.hearAnother(connection);
      if (this.closed) return void connection.end();
      this.tellAll();
      this.connection = connection;
      await this.probe(connection).done;
    } catch {
      connection.end().catch(() => {});
    } finally {
      this.connecting = false;
    }
  }

  private client(): pg.Client {
    return new pg.Client({
      connectionString: this.url,
      application_name: 'postern changes',
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: LOST_MS,
      keepAlive: true,
    });
  }

  /**
   * Has another session greet this one, which asks nothing meanwhile: where a pooler lends sessions by
   * the transaction, a session hears itself, and never the others.
   * @throws Error where the greeting does not arrive
   */
  private async hearAnother(connection: pg.Client): Promise<void> {
    const greeting = `probe:${randomUUID()}`;
    const heard = new Promise<void>((resolve) => {
      connection.on('notification', ({ payload }) => payload === greeting && resolve());
    });
    const other = this.client().on('error', () => {});
    try {
      await other.connect();
      await other.query('SELECT pg_notify($1, $2)', [CHANNEL, greeting]);
      const late = pause(TRUSTED_MS, undefined, { ref: false }).then(() => {
        throw new Error('Another session was not heard.');
      });
      await Promise.race([heard, late]);
    } finally {
      other.end().catch(() => {});
    }
  }

  /** Nothing is trusted until there is another one. */
  private lose(connection: pg.Client): void {
    if (this.connection !== connection) return;
    this.connection = undefined;
    this.provenAt = -Infinity;
    for (const { settle } of this.probes.splice(0)) settle();
    connection.end().catch(() => {});
  }

  private probe(connection: pg.Client): Probe {
    const probe = new Probe();
    this.probes.push(probe);
    this.sent += 1;
    connection
      .query('SELECT pg_notify($1, $2)', [CHANNEL, this.me + this.sent])
      .catch(() => this.lose(connection));
    return probe;
  }

  private hear(payload: string): void {
    if (!payload.startsWith('probe:')) return this.tell(payload);
    if (!payload.startsWith(this.me)) return;
    const outstanding = this.sent - Number(payload.slice(this.me.length));
    const back = this.probes.splice(0, this.probes.length - outstanding);
    this.provenAt = back.at(-1)?.sentAt ?? this.provenAt;
    for (const { settle } of back) settle();
  }
}
