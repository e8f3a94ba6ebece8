import type { Client, Pool } from 'pg';
import { CHANNEL, ChangeFeed } from './change-feed.js';

/**
 * The embedded engine has one session: what a statement changes is told on the connection that it
 * runs on, before its result. Nobody else can change anything, so nothing is ever missed.
 */
export class EmbeddedChangeFeed extends ChangeFeed {
  readonly isLive = true;

  constructor(pool: Pool) {
    super();
    const listening = new WeakSet<Client>();
    // A connection is listened to from its first use on: the pool has one already.
    pool.on('acquire', (client) => {
      if (listening.has(client)) return;
      listening.add(client);
      client.on('notification', ({ payload }) => this.tell(payload ?? ''));
      client.query(`LISTEN ${CHANNEL}`).catch(() => {});
    });
  }

  async settle(): Promise<void> {}
}
