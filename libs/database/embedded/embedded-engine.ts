import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ConnectionCount, DatabaseConnection } from '../data-source.js';
import { answers, DataFolderError, DataFolderLock } from './data-folder-lock.js';

/** Beside the socket while whoever has the folder open will not have it for long. */
const BRIEF = 'brief';
const SOCKET = '.s.PGSQL.5432';

/** A PostgreSQL inside this process, on a private Unix socket: for trying, developing and testing. */
export class EmbeddedEngine {
  private closing = false;
  /**
   * Resolves with the reason when the engine ends of itself. Nothing brings it back, so the process
   * should end too; a closed engine never resolves it.
   */
  readonly failure: Promise<Error>;
  private readonly ended: Promise<void>;

  private constructor(
    readonly connection: DatabaseConnection,
    private readonly worker: Worker,
    private readonly lock: DataFolderLock,
  ) {
    this.ended = new Promise((resolveEnded) => worker.once('exit', () => resolveEnded()));
    this.failure = new Promise((resolveFailure) => {
      worker.once('error', (error: Error) => resolveFailure(error));
      worker.once('exit', (code) => {
        if (!this.closing) resolveFailure(new Error(`The embedded database ended with code ${code}.`));
      });
    });
  }

  /**
   * Opens the database in this folder; makes both where they are not there.
   * @param options.briefly whether others had better wait than come in by the socket, as it will be gone soon
   * @throws DataFolderInUseError while another process holds the folder
   * @throws DataFolderError where it cannot be used
   */
  static async open(dataFolder: string, { briefly = false } = {}): Promise<EmbeddedEngine> {
    const folder = resolve(dataFolder);
    const lock = await lockFolder(folder);
    const socketFolder = join(folder, 'run');
    const socketPath = join(socketFolder, SOCKET);
    let engine: EmbeddedEngine | undefined;
    try {
      await rm(socketPath, { force: true });
      await (briefly
        ? writeFile(join(socketFolder, BRIEF), '')
        : rm(join(socketFolder, BRIEF), { force: true }));
      const worker = new Worker(new URL('./embedded-engine.worker.js', import.meta.url), {
        workerData: { databaseFolder: join(folder, 'postgres'), socketPath },
      });
      // Its sessions share one state, so a pool of one is as fast as it gets, and safe.
      engine = new EmbeddedEngine(
        { socketFolder, poolMax: 1, connections: new WorkerConnections(worker) },
        worker,
        lock,
      );
      const failed = await Promise.race([engine.failure, once(worker, 'message').then(() => undefined)]);
      if (failed) throw new DataFolderError(`The database in ${folder} does not open: ${failed.message}`);
      return engine;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /**
   * The way in to a folder that another process has open.
   * @returns undefined where that one is about to give it free, or to listen
   */
  static async visit(dataFolder: string): Promise<DatabaseConnection | undefined> {
    const socketFolder = join(resolve(dataFolder), 'run');
    if (existsSync(join(socketFolder, BRIEF))) return undefined;
    return (await answers(join(socketFolder, SOCKET))) ? { socketFolder, poolMax: 1 } : undefined;
  }

  /** Closes the database, then gives the folder free. */
  async close(): Promise<void> {
    this.closing = true;
    this.worker.postMessage('close');
    await this.ended;
    await rm(join(this.connection.socketFolder!, BRIEF), { force: true });
    await this.lock.release();
  }
}

/** As the worker tells of them. */
class WorkerConnections implements ConnectionCount {
  open = 0;
  private readonly listeners: (() => void)[] = [];

  constructor(worker: Worker) {
    worker.on('message', (message: unknown) => {
      if (typeof message !== 'number') return;
      this.open = message;
      for (const listener of this.listeners) listener();
    });
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }
}

async function lockFolder(folder: string): Promise<DataFolderLock> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await DataFolderLock.acquire(folder);
  } catch (error) {
    if (error instanceof DataFolderError) throw error;
    throw new DataFolderError(`The data folder ${folder} cannot be used: ${(error as Error).message}`);
  }
}
