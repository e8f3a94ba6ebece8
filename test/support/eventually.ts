import { setTimeout as pause } from 'node:timers/promises';

/** For what is written in batches: asks until the answer is there, for five seconds at most. */
export async function eventually<Answer>(
  ask: () => Promise<Answer | undefined | null | false>,
): Promise<Answer> {
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await ask();
    if (answer) return answer;
    await pause(25);
  }
  throw new Error('It did not come to be within five seconds.');
}
