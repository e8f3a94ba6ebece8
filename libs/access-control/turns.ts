import pLimit, { type LimitFunction } from 'p-limit';

/** Few, as so many may be under way when a lock begins; more than one, as whoever is right is not to wait long. */
const AT_A_TIME = 4;

interface Queue {
  run: LimitFunction;
  /** Those that wait or work; the queue goes with the last one. */
  users: number;
}

/** Lets few at a time do the same thing, by a key; those of other keys do not wait for them. */
export class Turns {
  private readonly queues = new Map<string, Queue>();

  async take<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const queue = this.queues.get(key) ?? { run: pLimit(AT_A_TIME), users: 0 };
    this.queues.set(key, queue);
    queue.users += 1;
    try {
      return await queue.run(work);
    } finally {
      queue.users -= 1;
      if (queue.users === 0) this.queues.delete(key);
    }
  }
}
