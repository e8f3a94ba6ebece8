import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type INestApplicationContext } from '@nestjs/common';
import { Configuration } from '#configuration';
import { DataFolderInUseError, EmbeddedEngine, type DatabaseConnection } from '#database';
import { EXIT } from './exit-code.js';
import { CommandFailure } from './failure.js';

/** A command does one thing after another, and leaves the connections to the servers. */
const POOL_MAX = 2;
/** How long another command that has the data folder open is waited for, in milliseconds. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 100;

export interface OpenDatabase {
  connection: DatabaseConnection;
  /** How it is reached. */
  by: 'url' | 'data folder' | 'the running server';
  close(): Promise<void>;
}

/**
 * The deployment that the environment describes, reached as docs/decisions/0022 says: at DATABASE_URL; or the
 * data folder, opened here, or through the socket of the server that has it open.
 */
@Injectable()
export class Deployment {
  /** @throws ConfigurationError */
  get configuration(): Configuration {
    return Configuration.from(process.env);
  }

  /**
   * Runs `work` with the application as the server has it: the same modules, services and rules, but no
   * listener, no timer, no migration and no first start.
   * @throws CommandFailure, SchemaError where the database is not there, or not of this version
   */
  async use<Result>(work: (app: INestApplicationContext) => Promise<Result>): Promise<Result> {
    const { configuration } = this;
    return this.withDatabase(async ({ connection }) => {
      // It takes a second to load, which `--help` need not wait for.
      const { createContext } = await import('../../server/context.js');
      const app = await createContext(configuration, connection);
      try {
        return await work(app);
      } finally {
        await app.close();
      }
    });
  }

  /** For work below the application: the connection alone, of whatever version the schema is. */
  async withDatabase<Result>(work: (database: OpenDatabase) => Promise<Result>): Promise<Result> {
    const database = await this.open();
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  }

  private async open(): Promise<OpenDatabase> {
    const { databaseUrl, databasePoolMax, dataDir } = this.configuration;
    if (databaseUrl) {
      const poolMax = Math.min(databasePoolMax, POOL_MAX);
      return { connection: { url: databaseUrl, poolMax }, by: 'url', close: async () => {} };
    }
    const folder = resolve(dataDir);
    if (!existsSync(join(folder, 'postgres'))) {
      throw new CommandFailure(
        `There is no database: DATABASE_URL is not set, and POSTERN_DATA_DIR ${folder} holds none. \`postern serve\` makes one.`,
        EXIT.unreachable,
      );
    }
    return this.openFolder(folder);
  }

  /** Another command, or a server that starts or stops, is waited for: it has the folder, and soon not, or listens. */
  private async openFolder(folder: string): Promise<OpenDatabase> {
    for (const until = performance.now() + PATIENCE_MS; ; await pause(RETRY_MS)) {
      try {
        const engine = await EmbeddedEngine.open(folder, { briefly: true });
        return { connection: engine.connection, by: 'data folder', close: () => engine.close() };
      } catch (error) {
        if (!(error instanceof DataFolderInUseError)) throw error;
        const connection = await EmbeddedEngine.visit(folder);
        if (connection) return { connection, by: 'the running server', close: async () => {} };
        if (performance.now() > until) throw error;
      }
    }
  }
}
