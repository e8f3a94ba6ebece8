import { randomBytes } from 'node:crypto';
import { link, mkdir, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** The longest path that a Unix socket can have: 104 bytes with the NUL at its end, on macOS. */
const MAX_SOCKET_PATH = 103;
/** As long as the longest name in `run/`: the embedded engine's `.s.PGSQL.5432`. */
const UNIQUE_NAME_BYTES = 4;
const ATTEMPTS = 20;

/** The data folder does not serve; `message` is for the operator. */
export class DataFolderError extends Error {}

export class DataFolderInUseError extends DataFolderError {
  constructor(folder: string) {
    super(
      `The data folder ${folder} is in use by another Postern process. ` +
        'Stop that one first, or set POSTERN_DATA_DIR to another folder.',
    );
  }
}

/**
 * Keeps a second process out of an embedded data folder. The lock is a Unix socket that listens:
 * it dies with its process, however that ends, so a start right after `kill -9` finds a file that
 * nobody answers on, and takes its place.
 *
 * The socket listens under a name of its own before it is linked to the lock's name. A link is made
 * by one process alone, and a lock that does not answer is dead for good, not about to listen.
 */
export class DataFolderLock {
  private constructor(
    private readonly path: string,
    private readonly server: Server,
  ) {}

  /**
   * @throws DataFolderInUseError while another process holds the folder
   * @throws DataFolderError where its path is too long for a Unix socket
   */
  static async acquire(folder: string): Promise<DataFolderLock> {
    const runFolder = join(folder, 'run');
    const path = join(runFolder, 'lock');
    const own = uniqueName(path);
    if (Buffer.byteLength(own) > MAX_SOCKET_PATH) {
      throw new DataFolderError(
        `POSTERN_DATA_DIR takes a folder with a shorter path: ${folder} leaves no room for a Unix socket's name.`,
      );
    }
    await mkdir(runFolder, { recursive: true, mode: 0o700 });
    const server = await listen(own);
    try {
      await take(path, own, folder);
      return new DataFolderLock(path, server);
    } catch (error) {
      await close(server);
      throw error;
    } finally {
      await rm(own, { force: true });
    }
  }

  async release(): Promise<void> {
    await rm(this.path, { force: true });
    await close(this.server);
  }
}

async function take(path: string, own: string, folder: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      await link(own, path);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    await removeDead(path, folder);
  }
  throw new DataFolderInUseError(folder);
}

/**
 * Moves a dead lock out of the way. It is asked again under its new name: had another process
 * taken the place in between, its lock goes back, and it keeps the folder.
 */
async function removeDead(path: string, folder: string): Promise<void> {
  if (await answers(path)) throw new DataFolderInUseError(folder);
  const aside = uniqueName(path);
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

function uniqueName(path: string): string {
  return `${path}.${randomBytes(UNIQUE_NAME_BYTES).toString('hex')}`;
}

function listen(path: string): Promise<Server> {
  const server = createServer((socket) => socket.end());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(server.unref()));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Whether somebody listens on a Unix socket. */
export function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
