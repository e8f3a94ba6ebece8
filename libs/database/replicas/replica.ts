import { Logger } from '@nestjs/common';
import type pg from 'pg';
import type { Tracing } from '#observability';
import { BoundedPool } from '../pool/bounded-pool.js';
import { poolFigures, type PoolFigures } from '../pool/pool-figures.js';
import { PooledQueries, type ReadSource } from '../pool/pooled-queries.js';
import { traceStatements } from '../statement-spans.js';
import { isDatabaseUnavailable } from '../unavailable.js';
import type { LogPositions } from './log-positions.js';
import { STANDING, type Standing } from './standing.js';
import { WatchingConnection } from './watching-connection.js';

/** There is the primary to ask instead. */
const CONNECT_MS = 2_000;
const QUERY_MS = 15_000;

/** Its connections, while it is read from. */
interface Open {
  pool: pg.Pool;
  clients: Set<pg.Client>;
  reads: ReadSource;
}

/** One standby: looked at every now and then, and read from only while it is known to be current enough. */
export class Replica {
  private readonly logger = new Logger('Replicas');
  private readonly watching: WatchingConnection;
  private open: Open | undefined;
  private leftOut: string | undefined;

  /** @param name its place among the others, as its address is not for everybody */
  constructor(
    readonly name: string,
    private readonly url: string,
    private readonly poolMax: number,
    private readonly tracing: Tracing,
  ) {
    this.watching = new WatchingConnection(url);
  }

  /** Undefined while it is left out. */
  get reads(): ReadSource | undefined {
    return this.open?.reads;
  }

  get pool(): PoolFigures | undefined {
    return this.open && poolFigures(this.name, this.open.pool);
  }

  /** Looks at it, and leaves it out or takes it in again. */
  async check(primary: Standing, positions: LogPositions): Promise<void> {
    try {
      const standing = await this.watching.ask<Standing>(STANDING);
      const fault = faultOf(standing, primary, positions);
      if (fault) this.leaveOut(fault);
      else this.takeIn();
    } catch (error) {
      this.leaveOut(isDatabaseUnavailable(error) ? 'it does not answer' : 'it is no copy of the database', {
        breakOff: true,
      });
    }
  }

  close(): void {
    this.watching.close();
    this.shut();
  }

  private takeIn(): void {
    if (this.open) return;
    this.open = connect(this.url, this.poolMax);
    traceStatements(this.open.pool, this.tracing);
    if (this.leftOut) this.logger.warn(`Read from again: ${this.name}.`);
    this.leftOut = undefined;
  }

  /** @param breakOff whether what it has been asked is not waited for: whoever asked turns to the primary */
  private leaveOut(reason: string, { breakOff = false } = {}): void {
    if (this.leftOut !== reason) this.logger.warn(`Left out: ${this.name}, as ${reason}.`);
    this.leftOut = reason;
    const { clients } = this.open ?? {};
    this.shut();
    if (breakOff) for (const client of clients ?? []) client.end().catch(() => {});
  }

  private shut(): void {
    this.open?.pool.end().catch(() => {});
    this.open = undefined;
  }
}

function connect(connectionString: string, max: number): Open {
  const pool = new BoundedPool({
    connectionString,
    max,
    application_name: 'postern',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  });
  const clients = new Set<pg.Client>();
  // A connection that breaks while idle is replaced by the pool; it must not end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => clients.add(client));
  pool.on('remove', (client) => clients.delete(client));
  return { pool, clients, reads: new PooledQueries(pool) };
}

/** Why it is not to be read from; undefined: it is. */
function faultOf(standing: Standing, primary: Standing, positions: LogPositions): string | undefined {
  if (!standing.isStandby) return 'it is no standby';
  if (standing.system !== primary.system || standing.database !== primary.database)
    return 'it is a standby of another database';
  if (standing.schema !== primary.schema) return 'its schema is another';
  if (!positions.areReachedBy(BigInt(standing.position))) return 'it is too far behind';
  return undefined;
}
