import type { ServerProcess } from '../support/server-process.js';
import { until } from '../support/waiting.js';

/** What one server holds, once what nobody refers to is collected. */
export interface Sample {
  /** Seconds since the soak began. */
  at: number;
  instance: number;
  rssMb: number;
  heapMb: number;
  /** Sockets, timers, files and whatever else keeps a process busy. */
  handles: number;
  /** Of the event loop since the last sample, in milliseconds. */
  delayP99: number;
  delayMax: number;
}

/** Its lines in a server's output. */
const MARK = 'SOAK-SAMPLE ';

/** Loaded into the server before all else; answers SIGUSR2 by one line. */
const REPORTER = `data:text/javascript,${encodeURIComponent(`
  import { monitorEventLoopDelay } from 'node:perf_hooks';
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  process.on('SIGUSR2', () => {
    const delays = { delayP99: delay.percentile(99) / 1e6, delayMax: delay.max / 1e6 };
    globalThis.gc();
    const { rss, heapUsed, external } = process.memoryUsage();
    const sample = {
      rssMb: rss / 2 ** 20,
      heapMb: (heapUsed + external) / 2 ** 20,
      handles: process.getActiveResourcesInfo().length,
      ...delays,
    };
    process.stdout.write('${MARK}' + JSON.stringify(sample) + '\\n');
    delay.reset();
  });
`)}`;

export const NODE_ARGUMENTS = ['--expose-gc', '--import', REPORTER];

/** Asks one server what it holds. */
export async function sample(server: ServerProcess, instance: number, at: number): Promise<Sample> {
  const samples = () =>
    server.output.split('\n').filter((line) => line.startsWith(MARK) && line.endsWith('}'));
  const known = samples().length;
  server.signal('SIGUSR2');
  await until('the server tells what it holds', () => samples().length > known);
  return { at, instance, ...JSON.parse(samples().at(-1)!.slice(MARK.length)) };
}
