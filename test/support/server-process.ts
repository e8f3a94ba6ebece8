import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { until, within } from './waiting.js';

const MAIN = join(import.meta.dirname, '../../apps/server/main.js');
/** How long a start may take, on a machine that has other things to do. */
export const START_MS = 50_000;
const READY = /Postern is ready on (\S+)/;

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

interface ProcessOptions {
  /** Arguments of node's own, before the program. */
  nodeArguments?: string[];
}

/** A server in a process of its own, as `npm start` runs it: for what ends with the process. */
export class ServerProcess {
  private static readonly running = new Set<ServerProcess>();

  private text = '';
  readonly exited: Promise<Exit>;
  /** Where it listens; rejects with its output where it ends before that. */
  readonly ready: Promise<string>;
  private listening = '';

  private constructor(private readonly child: ChildProcess) {
    ServerProcess.running.add(this);
    this.exited = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        ServerProcess.running.delete(this);
        resolve({ code, signal });
      });
    });
    this.ready = new Promise((resolve, reject) => {
      const read = (chunk: Buffer) => {
        this.text += chunk.toString();
        this.listening = READY.exec(this.text)?.[1] ?? '';
        if (this.listening) resolve(this.listening);
      };
      child.stdout!.on('data', read);
      child.stderr!.on('data', read);
      child.once('close', () => reject(new Error(`The server did not start:\n${this.text}`)));
    });
    this.ready.catch(() => {});
  }

  /** Begins a start, and does not wait for it. */
  static spawn(
    environment: Record<string, string>,
    { nodeArguments = [] }: ProcessOptions = {},
  ): ServerProcess {
    const child = spawn(process.execPath, [...nodeArguments, MAIN], {
      env: {
        PATH: process.env.PATH,
        PORT: '0',
        LOG_LEVEL: 'error',
        // No balancer has to notice that it ends.
        POSTERN_SHUTDOWN_GRACE: '0',
        // Tests fail to authenticate all the time, from one address.
        POSTERN_RATE_LIMIT_FAILURES: '100000',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ServerProcess(child);
  }

  /** Starts a server and waits until it answers. */
  static async start(environment: Record<string, string>, options?: ProcessOptions): Promise<ServerProcess> {
    const server = ServerProcess.spawn(environment, options);
    await within(START_MS, server.ready);
    return server;
  }

  /** Ends what a test has left behind. */
  static async killAll(): Promise<void> {
    await Promise.all([...ServerProcess.running].map((server) => server.kill('SIGKILL')));
  }

  get url(): string {
    return this.listening;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** All that has been read of what it has printed, on both streams; after its end, all of it. */
  get output(): string {
    return this.text;
  }

  /** Waits until it has printed this: what is printed before an answer may be read after it. */
  untilPrinted(text: string): Promise<void> {
    return until(`the server prints: ${text}`, () => this.text.includes(text));
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Sends a signal and waits for the end. */
  async kill(signal: NodeJS.Signals, ms = 15_000): Promise<Exit> {
    this.signal(signal);
    return within(ms, this.exited);
  }
}
