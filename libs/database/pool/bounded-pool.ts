import pg from 'pg';
import { DatabaseBusyError } from '../unavailable.js';
import { cancelStatement, isStatementTimeout } from './cancel-statement.js';

/**
 * How many may wait for a connection. More would only be turned away later, and take memory until
 * then: those who wait are let go after seconds.
 */
const MAX_WAITING = 1_000;

type Connected = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

/** The pool of node-postgres, which lets any number wait, and leaves the server at work for nobody. */
export class BoundedPool extends pg.Pool {
  constructor(options: pg.PoolConfig) {
    super(options);
    // A connection may be ended in the moment in which it is handed out: the pool listens no longer, and TypeORM
    // not yet. Whoever has it then finds it out by his first statement; the process must not end by it.
    this.on('connect', (client) => client.on('error', () => {}));
    this.on('release', (error, client) => {
      if (isStatementTimeout(error)) cancelStatement(client);
    });
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<pg.PoolClient> | void {
    if (this.waitingCount < MAX_WAITING) return callback ? super.connect(callback) : super.connect();
    const error = new DatabaseBusyError();
    if (!callback) return Promise.reject(error);
    callback(error, undefined, () => {});
  }
}
