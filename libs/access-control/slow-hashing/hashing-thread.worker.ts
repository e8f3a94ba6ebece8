import { getPriority, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import bcrypt from 'bcrypt';
import type { HashingJob, HashingResult } from './hashing-thread.js';

/** How much nicer than the server: it gets a third of what the server's thread gets where both want all. */
const NICER = 5;
const NICEST = 19;

// On Linux a priority is a thread's own; elsewhere it is the process's, which is to keep its.
if (process.platform === 'linux') {
  try {
    setPriority(Math.min(getPriority() + NICER, NICEST));
  } catch {
    // Where that is not allowed, it runs beside the others.
  }
}

parentPort!.on('message', (job: HashingJob) => {
  const result: HashingResult =
    'hash' in job ? bcrypt.compareSync(job.plain, job.hash) : bcrypt.hashSync(job.plain, job.cost);
  parentPort!.postMessage(result);
});
