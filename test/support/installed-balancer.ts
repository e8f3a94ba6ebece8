import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Balancer } from './balancer.js';
import { freePort } from './free-port.js';
import { until } from './waiting.js';

const PROXIES = join(import.meta.dirname, '../../../deploy/proxies');
const INSTALLED = {
  haproxy: { file: 'haproxy.cfg', command: 'haproxy', options: (file: string) => ['-db', '-f', file] },
  nginx: {
    file: 'nginx.conf',
    command: 'nginx',
    options: (file: string, folder: string) => [
      '-p',
      folder,
      '-c',
      file,
      '-e',
      'error.log',
      '-g',
      'daemon off; pid nginx.pid; user root;',
    ],
  },
};

/** The system's HAProxy or nginx with our own example of its configuration, but for the addresses. */
export async function installedBalancer(kind: keyof typeof INSTALLED, urls: string[]): Promise<Balancer> {
  const { file, command, options } = INSTALLED[kind];
  const folder = await mkdtemp(join(tmpdir(), 'postern-proxy-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const example = await readFile(join(PROXIES, file), 'utf8');
  const configuration = urls
    .reduce((text, one, index) => text.replace(`10.0.0.${11 + index}:3000`, new URL(one).host), example)
    .replace('127.0.0.1:8080', `127.0.0.1:${port}`);
  const path = join(folder, file);
  await writeFile(path, configuration);
  const child = spawn(command, options(path, folder), { stdio: ['ignore', 'ignore', 'inherit'] });
  await until(`${command} answers`, () =>
    fetch(url).then(
      () => true,
      () => false,
    ),
  );
  return {
    url,
    close: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
