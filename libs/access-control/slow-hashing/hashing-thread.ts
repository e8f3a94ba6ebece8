import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** A text to hash, or one to compare with a hash. */
export type HashingJob = { plain: string; cost: number } | { plain: string; hash: string };
export type HashingResult = string | boolean;

/**
 * A thread that does bcrypt, one job after the other, behind the threads that answer: a hash takes
 * what they leave. It starts with its first job, and anew where it has ended.
 */
export class HashingThread {
  private worker: Worker | undefined;

  /** One at a time. @throws Error where the thread fails meanwhile */
  async run(job: HashingJob): Promise<HashingResult> {
    const worker = (this.worker ??= this.start());
    worker.ref();
    try {
      worker.postMessage(job);
      const [result] = (await once(worker, 'message')) as [HashingResult];
      return result;
    } finally {
      worker.unref();
    }
  }

  async end(): Promise<void> {
    await this.worker?.terminate();
  }

  private start(): Worker {
    const worker = new Worker(new URL('./hashing-thread.worker.js', import.meta.url));
    const forget = () => {
      if (this.worker === worker) this.worker = undefined;
    };
    // After an error it still has to exit, and does nothing more.
    return worker.once('error', forget).once('exit', forget);
  }
}
