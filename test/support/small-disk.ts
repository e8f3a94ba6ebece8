import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from '@jest/globals';

/** Whoever may make a namespace of his own may mount there; some containers, and macOS, let nobody. */
function canMount(): boolean {
  try {
    execFileSync('unshare', ['--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

/** For what needs a disk of its own; elsewhere, the run says that it was left out. */
export const itWithSmallDisk = canMount() ? it : it.skip;

/** A disk that is full soon: a tmpfs in a namespace of its own, which ends with this process. */
export class SmallDisk {
  private constructor(
    private readonly holder: ChildProcess,
    private readonly mountPoint: string,
  ) {}

  static async of(megabytes: number): Promise<SmallDisk> {
    const mountPoint = await mkdtemp(join(tmpdir(), 'postern-disk-'));
    const script = `mount -t tmpfs -o size=${megabytes}m,mode=0700 none "$0" && echo mounted && exec cat`;
    // `cat` ends when its input does, also where this process is killed.
    const holder = spawn('unshare', ['--map-root-user', '--mount', 'sh', '-c', script, mountPoint], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(holder.stdout!, 'data');
    return new SmallDisk(holder, mountPoint);
  }

  /** As every process of this user reaches it. */
  get folder(): string {
    return `/proc/${this.holder.pid}/root${this.mountPoint}`;
  }

  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.folder);
    return bavail * bsize;
  }

  /** Takes all room but this much. */
  async fill(freeBytes: number): Promise<void> {
    await writeFile(this.ballast, Buffer.alloc(Math.max((await this.freeBytes()) - freeBytes, 0)));
  }

  /** Gives back what `fill` took. */
  async makeRoom(): Promise<void> {
    await rm(this.ballast, { force: true });
  }

  async unmount(): Promise<void> {
    const exited = once(this.holder, 'exit');
    this.holder.stdin!.end();
    await exited;
    await rm(this.mountPoint, { recursive: true });
  }

  private get ballast(): string {
    return join(this.folder, 'ballast');
  }
}
