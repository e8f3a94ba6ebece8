import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { within } from './waiting.js';

const MAIN = join(import.meta.dirname, '../../apps/cli/main.js');
const LIMIT_MS = 50_000;

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `postern` in a process of its own, without a terminal. */
export class CommandLine {
  /** @param environment of each run */
  constructor(private readonly environment: Record<string, string>) {}

  /** @param input what is piped in */
  async run(args: readonly string[], input = ''): Promise<Ended> {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { PATH: process.env.PATH, ...this.environment },
      stdio: 'pipe',
    });
    const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const all = Promise.all([closed, text(child.stdout), text(child.stderr)]);
    try {
      const [code, stdout, stderr] = await within(LIMIT_MS, all);
      return { code, stdout, stderr };
    } finally {
      child.kill('SIGKILL');
    }
  }

  /** Runs a command that goes on until it is ended: what it has printed so far. */
  follow(args: readonly string[]): { lines: string[]; end(): void } {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { PATH: process.env.PATH, ...this.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    return { lines, end: () => void child.kill('SIGKILL') };
  }

  /**
   * What a command answers with `--json`.
   * @throws Error where it fails
   */
  // eslint-disable-next-line typescript/no-explicit-any -- whatever the command answers
  async json(args: readonly string[], input = ''): Promise<any> {
    const { code, stdout, stderr } = await this.run([...args, '--json'], input);
    if (code !== 0) throw new Error(`postern ${args.join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout);
  }
}
