import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { DatabaseConnection } from '../data-source.js';
import { DataFolderLock } from './data-folder-lock.js';

/** A PostgreSQL inside this process, on a private Unix socket: for trying, developing and testing. */
export class EmbeddedEngine {
  private constructor(
    readonly connection: DatabaseConnection,
    private readonly worker: Worker,
    private readonly lock: DataFolderLock,
  ) {}

  /** @throws DataFolderInUseError while another process holds the folder */
  static async open(dataFolder: string): Promise<EmbeddedEngine> {
    const folder = resolve(dataFolder);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const lock = await DataFolderLock.acquire(folder);
    try {
      const socketFolder = join(folder, 'run');
      const socketPath = join(socketFolder, '.s.PGSQL.5432');
      await rm(socketPath, { force: true });
      const worker = new Worker(new URL('./embedded-engine.worker.js', import.meta.url), {
        workerData: { databaseFolder: join(folder, 'postgres'), socketPath },
      });
      await once(worker, 'message');
      // Its sessions share one state, so a pool of one is as fast as it gets, and safe.
      return new EmbeddedEngine({ socketFolder, poolMax: 1 }, worker, lock);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Checkpoints and closes the database, then gives the folder free. */
  async close(): Promise<void> {
    this.worker.postMessage('close');
    await once(this.worker, 'message');
    await this.worker.terminate();
    await this.lock.release();
  }
}
