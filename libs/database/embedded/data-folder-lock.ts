import { mkdir, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** A Unix socket's path may have some hundred bytes; the kernel cuts a longer one, or refuses it. */
const MAX_SOCKET_PATH = 100;

export class DataFolderInUseError extends Error {
  constructor(folder: string) {
    super(
      `The data folder ${folder} is in use by another Postern process. ` +
        'Stop that one first, or set POSTERN_DATA_DIR to another folder.',
    );
  }
}

/**
 * Keeps a second process out of an embedded data folder. The lock is a listening Unix socket: it
 * dies with its process, however that ends, so a start right after `kill -9` finds a file that
 * nobody answers on, and takes it over.
 */
export class DataFolderLock {
  private constructor(private readonly server: Server) {}

  /** @throws DataFolderInUseError while another process holds the folder */
  static async acquire(folder: string): Promise<DataFolderLock> {
    const runFolder = join(folder, 'run');
    await mkdir(runFolder, { recursive: true, mode: 0o700 });
    const path = join(runFolder, 'lock');
    if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
      throw new Error(`POSTERN_DATA_DIR is too long a path for a Unix socket (${MAX_SOCKET_PATH} bytes).`);
    }
    await removeStale(path, folder);
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'EADDRINUSE' ? new DataFolderInUseError(folder) : error),
      );
      server.listen(path, resolve);
    });
    server.unref();
    return new DataFolderLock(server);
  }

  async release(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

/**
 * Moves a dead socket out of the way. It is asked again under its new name: had another process
 * come alive on it in between, the file goes back and that process keeps the folder.
 */
async function removeStale(path: string, folder: string): Promise<void> {
  if (await answers(path)) throw new DataFolderInUseError(folder);
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (await answers(aside)) {
    await rename(aside, path);
    throw new DataFolderInUseError(folder);
  }
  await rm(aside, { force: true });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
