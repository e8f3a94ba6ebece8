import pg from 'pg';
import { addExpiredTokens } from '../../support/expired-tokens.js';
import { until } from '../../support/waiting.js';
import { drive, mean } from '../load.js';
import type { BenchRow, Result } from '../row.js';
import { tokenTarget } from '../token-target.js';
import type { World } from '../world.js';

/** Longer than tokens are kept. */
const LONG_AGO_MS = 91 * 86_400_000;
/** The server looks once a minute for what is over. */
const BEGINS_WITHIN_MS = 90_000;

/** Token requests while expired tokens are pruned, by the server's own timer, and while none are. */
export const pruning: BenchRow = {
  name: 'pruning',
  engines: ['postgres'],
  async run(world): Promise<Result[]> {
    const { duration, rows } = world.options;
    const client = await world.client({ name: 'pruned' });
    const tokens = tokenTarget(`${world.url}/oauth2/token`, client.authorization);
    const database = new pg.Client({ connectionString: world.databaseUrl });
    await database.connect();
    try {
      await drive(tokens, duration);
      const without: number[] = [];
      const during: number[] = [];
      for (let turn = 0; turn < 2; turn += 1) {
        without.push((await drive(tokens, duration)).p99);
        await expire(database, world, client.clientId, rows / 2);
        while ((await left(database)) > 0) during.push((await drive(tokens, duration)).p99);
      }
      const [p99, yardstick] = [mean(during), mean(without)];
      return [
        {
          work: `token, p99 while ${rows.toLocaleString('en')} expired tokens are pruned`,
          figure: `${p99.toFixed(1)} ms`,
          yardstick: `${yardstick.toFixed(1)} ms without`,
          ratio: p99 / yardstick,
          goal: { atMost: 2 },
        },
      ];
    } finally {
      await database.end();
    }
  },
};

/** Puts expired tokens on record, and waits until the first of them are pruned. */
async function expire(database: pg.Client, { url }: World, clientId: string, count: number): Promise<void> {
  await addExpiredTokens(database, clientId, count, new Date(Date.now() - LONG_AGO_MS));
  await database.query('VACUUM ANALYZE access_tokens');
  const there = await left(database);
  await until(`the server at ${url} prunes`, async () => (await left(database)) < there, BEGINS_WITHIN_MS);
}

async function left(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM access_tokens WHERE expires_at < now() - interval '90 days'`,
  );
  return rows[0]!.count;
}
