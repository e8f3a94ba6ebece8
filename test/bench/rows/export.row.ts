import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { fillSessions } from '../big-tables.js';
import { LineCounter } from '../lines.js';
import { measured, memoryResult, type Measured } from '../memory.js';
import type { BenchRow, Result } from '../row.js';
import type { World } from '../world.js';

/** The same rows as JSON, in the order in which Postern sends them, with an index to read them in. */
const COPY = 'COPY (SELECT row_to_json(s) FROM sessions s ORDER BY customer_id, id) TO STDOUT';

/** All sessions as NDJSON over HTTP, beside PostgreSQL's own `COPY` of the same as JSON. */
export const exporting: BenchRow = {
  name: 'export',
  engines: ['postgres'],
  async run(world): Promise<Result[]> {
    const { rows } = world.options;
    await fillSessions(world.databaseUrl, rows);
    const authorization = `Bearer ${await world.token(await world.client({ name: 'exporter' }))}`;
    const client = new pg.Client({ connectionString: world.databaseUrl });
    await client.connect();
    // What is read first is read from the disk: that turn does not count.
    await copy(client, rows);
    const [ours, theirs]: [Measured[], Measured[]] = [[], []];
    for (let turn = 0; turn < 2; turn += 1) {
      ours.push(await measured(world, () => exportAll(world, authorization)));
      theirs.push(await measured(world, () => copy(client, rows)));
    }
    await client.end();
    const seconds = (turns: Measured[]) => turns.reduce((sum, turn) => sum + turn.seconds, 0) / turns.length;
    return [
      {
        work: `export of ${rows} sessions (NDJSON)`,
        figure: `${seconds(ours).toFixed(1)} s`,
        yardstick: `${seconds(theirs).toFixed(1)} s COPY TO STDOUT as JSON`,
        ratio: seconds(theirs) / seconds(ours),
        goal: { atLeast: 0.5 },
      },
      memoryResult('the export', Math.max(...ours.map(({ megabytes }) => megabytes))),
    ];
  },
};

async function exportAll(world: World, authorization: string): Promise<void> {
  const request = get(`${world.url}/pam/v1/sessions`, {
    headers: { authorization, accept: 'application/x-ndjson' },
  });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  if (answer.statusCode !== 200) throw new Error(`The export answered ${answer.statusCode}.`);
  await countLines(answer, world.options.rows);
}

function copy(client: pg.Client, rows: number): Promise<void> {
  return countLines(client.query(copyTo(COPY)), rows);
}

async function countLines(source: Readable, expected: number): Promise<void> {
  const counter = new LineCounter();
  await pipeline(source, counter);
  if (counter.lines !== expected) throw new Error(`${counter.lines} of ${expected} lines came out.`);
}
