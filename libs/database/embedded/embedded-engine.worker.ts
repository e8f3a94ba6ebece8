import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/**
 * PGlite runs WebAssembly synchronously: in a thread of its own it does not hold up the event
 * loop that answers HTTP.
 */
const { databaseFolder, socketPath } = workerData as { databaseFolder: string; socketPath: string };

const database = await PGlite.create({ dataDir: databaseFolder });
const server = new PGLiteSocketServer({ db: database, path: socketPath, maxConnections: 8 });
await server.start();

parentPort!.once('message', async () => {
  await server.stop();
  await database.close();
  parentPort!.postMessage('closed');
});
parentPort!.postMessage('listening');
