import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const READY = /^ready (\S+) ?(.*)$/m;

/** A peer in a process of its own, as it would run in production. It says `ready <url> <details>`. */
export class PeerProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    /** What else it said when it was ready. */
    readonly details: string,
  ) {}

  /** @param name of the file in `peers`, without its ending */
  static async start(name: string, argument = ''): Promise<PeerProcess> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'peers', `${name}.js`), argument], {
      env: { PATH: process.env.PATH, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const end = () => child.kill();
    process.once('exit', end);
    child.once('exit', () => process.off('exit', end));
    let said = '';
    for await (const chunk of child.stdout!) {
      said += String(chunk);
      const [, url, details] = READY.exec(said) ?? [];
      if (url !== undefined) return new PeerProcess(child, url, details!);
    }
    throw new Error(`The peer ${name} did not start.`);
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill();
    await exited;
  }
}
