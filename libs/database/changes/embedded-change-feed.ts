import type { Client, Pool } from 'pg';
import type { ConnectionCount } from '../data-source.js';
import { CHANNEL, ChangeFeed } from './change-feed.js';

/**
 * The embedded engine has one session: what a statement changes is told on the connection that it
 * runs on, before its result. What somebody else changes by a connection of his own, such as the
 * command line, is told to him alone: while he is there nothing is trusted, and when he has gone
 * everything is asked for anew.
 */
export class EmbeddedChangeFeed extends ChangeFeed {
  constructor(
    private readonly pool: Pool,
    private readonly connections: ConnectionCount | undefined,
  ) {
    super();
    connections?.onChange(() => this.tellAll());
    const listening = new WeakSet<Client>();
    // A connection is listened to from its first use on: the pool has one already.
    pool.on('acquire', (client) => {
      if (listening.has(client)) return;
      listening.add(client);
      client.on('notification', ({ payload }) => this.tell(payload ?? ''));
      client.query(`LISTEN ${CHANNEL}`).catch(() => {});
    });
  }

  /** Whether every connection is one of the pool, which counts one from before it is made until it is being closed. */
  get isLive(): boolean {
    return this.connections === undefined || this.connections.open <= this.pool.totalCount;
  }

  async settle(): Promise<void> {}
}
