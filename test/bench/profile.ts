import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What of a `.cpuprofile` is read here: how often each function was the one that ran. */
interface CpuProfile {
  nodes: { hitCount?: number; callFrame: { functionName: string; url: string } }[];
}

export interface Share {
  /** A package, a library of ours, a part of Node.js, or what V8 names in brackets. */
  name: string;
  /** Of the time in which the main thread was not idle, 0 to 1. */
  share: number;
}

const MOST = 14;

/** What the main thread's processor time went to, by whose code ran, the most first. @param folder of `--cpu-prof-dir` */
export async function readShares(folder: string): Promise<{ owners: Share[]; functions: Share[] }> {
  // CPU.<date>.<time>.<pid>.<thread>.<number>.cpuprofile: the main thread is 0; the largest process is the one under load.
  const files = (await readdir(folder)).filter((name) => /\.0\.\d+\.cpuprofile$/.test(name));
  const profiles = await Promise.all(
    files.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as CpuProfile),
  );
  const hits = profiles.flatMap(({ nodes }) =>
    nodes
      .filter(({ callFrame }) => callFrame.functionName !== '(idle)')
      .map(({ hitCount = 0, callFrame: { functionName, url } }) => {
        const owner = ownerOf(functionName, url);
        return { hitCount, owner, name: `${functionName || '(anonymous)'} in ${owner}` };
      }),
  );
  return {
    owners: sharesBy(hits.map(({ owner, hitCount }) => [owner, hitCount])),
    functions: sharesBy(hits.map(({ name, hitCount }) => [name, hitCount])),
  };
}

function sharesBy(hits: [string, number][]): Share[] {
  const counts = new Map<string, number>();
  let all = 0;
  for (const [name, count] of hits) {
    counts.set(name, (counts.get(name) ?? 0) + count);
    all += count;
  }
  return [...counts]
    .map(([name, count]) => ({ name, share: count / all }))
    .sort((one, other) => other.share - one.share)
    .slice(0, MOST);
}

function ownerOf(functionName: string, url: string): string {
  const packaged = url.lastIndexOf('/node_modules/');
  if (packaged >= 0) {
    const parts = url.slice(packaged + '/node_modules/'.length).split('/');
    return parts.slice(0, parts[0]!.startsWith('@') ? 2 : 1).join('/');
  }
  const ours = /\/(?:dist\/)?((?:libs|apps)\/[^/]+)\//.exec(url)?.[1];
  if (ours) return ours;
  if (url.startsWith('node:')) return url.split('/').slice(0, 2).join('/');
  return functionName.startsWith('(') ? functionName : 'V8 built-ins';
}
