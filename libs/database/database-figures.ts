import { Injectable } from '@nestjs/common';
import { Metrics, type Reading } from '#observability';
import { ChangeFeed } from './changes/change-feed.js';
import { Database } from './database.js';
import { ReadReplicas } from './replicas/read-replicas.js';

/** What the pools, the feed of changes and all that is remembered by it tell of themselves. */
@Injectable()
export class DatabaseFigures {
  constructor(metrics: Metrics, database: Database, replicas: ReadReplicas, changes: ChangeFeed) {
    const all = () => [...database.pools(), ...replicas.pools()];
    const pools = {
      name: 'postern_database_connections',
      help: 'Connections to PostgreSQL by pool: in use, idle, and at most.',
      labels: ['pool', 'state'],
    };
    metrics.gauge(pools, () =>
      all().flatMap(({ name: pool, total, idle, max }) => [
        { labels: { pool, state: 'in_use' }, value: total - idle },
        { labels: { pool, state: 'idle' }, value: idle },
        { labels: { pool, state: 'max' }, value: max },
      ]),
    );
    const waiting = {
      name: 'postern_database_waiting',
      help: 'Who waits for a connection, by pool.',
      labels: ['pool'],
    };
    metrics.gauge(waiting, () =>
      all().map(({ name: pool, waiting: value }) => ({ labels: { pool }, value })),
    );
    const inUse = {
      name: 'postern_replica_in_use',
      help: 'Whether PAM data is read from a replica, by its place in DATABASE_REPLICA_URLS: 0 while it is left out.',
      labels: ['replica'],
    };
    metrics.gauge(inUse, () =>
      replicas.inUse().map(([replica, used]) => ({ labels: { replica }, value: Number(used) })),
    );
    const live = {
      name: 'postern_change_feed_live',
      help: 'Whether every change of the last second has been heard of: 0 while no cache is trusted.',
    };
    metrics.gauge(live, () => Number(changes.isLive));
    const ofCaches = (
      read: (cache: ChangeFeed['caches'][number]) => Record<string, number>,
      label?: string,
    ) =>
      changes.caches.flatMap((cache): Reading[] =>
        Object.entries(read(cache)).map(([name, value]) => ({
          labels: { cache: cache.kind, ...(label ? { [label]: name } : {}) },
          value,
        })),
      );
    const entries = {
      name: 'postern_cache_entries',
      help: 'What is remembered, by cache.',
      labels: ['cache'],
    };
    metrics.gauge(entries, () => ofCaches(({ size }) => ({ size })));
    const lookUps = {
      name: 'postern_cache_requests_total',
      help: 'What was asked of a cache: hit, or miss where the database was asked.',
      labels: ['cache', 'result'],
    };
    metrics.total(lookUps, () => ofCaches(({ hits: hit, misses: miss }) => ({ hit, miss }), 'result'));
  }
}
