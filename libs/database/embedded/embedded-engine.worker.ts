import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/** How late it is noticed that a connection has gone, in milliseconds. */
const GONE_WITHIN_MS = 100;

/**
 * PGlite runs WebAssembly synchronously: in a thread of its own it does not hold up the event
 * loop that answers HTTP. The parent hears when the socket listens, and from then on how many are
 * connected; it sends one message, for the end.
 */
const { databaseFolder, socketPath } = workerData as { databaseFolder: string; socketPath: string };

await createOnce(databaseFolder);
const database = await PGlite.create({ dataDir: databaseFolder, extensions: { pg_trgm } });
endWithEngine(database);
const server = new PGLiteSocketServer({ db: database, path: socketPath, maxConnections: 8 });
tellConnections(server);
await server.start();

parentPort!.once('message', async () => {
  await server.stop();
  await database.close();
  process.exit(0);
});
parentPort!.postMessage('listening');

/** Who comes is told before anything that he asks is run; who goes, a little later. */
function tellConnections(sockets: PGLiteSocketServer): void {
  let told = 0;
  const tell = () => {
    const { activeConnections } = sockets.getStats();
    if (activeConnections !== told) parentPort!.postMessage((told = activeConnections));
  };
  sockets.addEventListener('connection', tell);
  setInterval(tell, GONE_WITHIN_MS).unref();
}

/** A start that is killed while it makes the database leaves a part of one, under another name. */
async function createOnce(folder: string): Promise<void> {
  const isThere = await stat(folder).catch(() => undefined);
  if (isThere) return;
  const unfinished = `${folder}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  const created = await PGlite.create({ dataDir: unfinished });
  await created.close();
  await rename(unfinished, folder);
}

/**
 * An error of SQL is an answer. Anything that is thrown means that PostgreSQL itself has crashed,
 * and the socket server would let every later query wait for ever: end, so that the process does.
 */
function endWithEngine(engine: PGlite): void {
  const run = engine.execProtocolRawStream.bind(engine);
  engine.execProtocolRawStream = async (...parameters) => {
    try {
      return await run(...parameters);
    } catch (error) {
      setImmediate(() => {
        throw error;
      });
      throw error;
    }
  };
}
