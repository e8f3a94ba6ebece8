import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Configuration, Variables } from '#configuration';
import {
  CONNECTIONS_BESIDE_POOL,
  read,
  readYaml,
  ROOT,
  shownSecrets,
  STOPS_WITHIN,
  unknownVariables,
} from './artefacts.js';

const dockerfile = read('deploy/Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\s*\\\n\s*/g, ' ')
  .split('\n')
  .filter(Boolean);
const runtime = dockerfile.slice(dockerfile.findLastIndex((line) => line.startsWith('FROM ')));
const instructions = (name: string, lines = dockerfile) =>
  lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
const environment = Object.fromEntries(
  instructions('ENV', runtime).flatMap((line) =>
    line.split(/\s+/).map((pair) => pair.split('=') as [string, string]),
  ),
);
const [command] = instructions('CMD', runtime).map((line) => JSON.parse(line) as string[]);

describe('the Dockerfile', () => {
  it('copies what is there, and what .dockerignore lets through', () => {
    const ignored = read('.dockerignore').split('\n');
    const copied = instructions('COPY')
      .filter((line) => !line.startsWith('--from'))
      .flatMap((line) => line.split(' ').slice(0, -1));
    expect(copied.length).toBeGreaterThan(5);
    for (const source of copied) {
      expect({ source, there: existsSync(join(ROOT, source)) }).toEqual({ source, there: true });
      expect(ignored).toContain(`!${source}`);
    }
    expect(ignored.find((line) => !line.startsWith('#'))).toBe('*');
  });

  it('ends as an account that is not root, without npm, dev dependencies or secrets', () => {
    expect(instructions('USER', runtime)).toEqual(['10001:10001']);
    expect(instructions('COPY', runtime)).toContainEqual(
      expect.stringMatching(/^--from=dependencies .*node_modules/),
    );
    expect(dockerfile).toContain('RUN npm ci --omit=dev --ignore-scripts');
    expect(runtime.join('\n')).toContain('rm -rf /usr/local/lib/node_modules');
    expect(unknownVariables(Object.keys(environment))).toEqual([]);
    expect(shownSecrets([...Object.keys(environment), ...instructions('ARG')])).toEqual([]);
  });

  it('starts what `npm start` starts', () => {
    const { scripts } = JSON.parse(read('package.json'));
    expect(`exec ${command!.join(' ')}`).toBe(scripts.start);
    expect(environment).toMatchObject({ NODE_ENV: 'production', PORT: String(new Variables().PORT) });
    expect(instructions('EXPOSE', runtime)).toEqual([environment.PORT]);
  });

  it.each([
    ['well where the server is', 200, 0],
    ['ill where it is not', 503, 1],
    ['ill where nobody answers', undefined, 1],
  ])('is %s', async (_, status, code) => {
    const asked: (string | undefined)[] = [];
    const server = createServer(({ url }, response) => {
      asked.push(url);
      response.writeHead(status!).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    if (status === undefined) server.close();
    const [check] = instructions('HEALTHCHECK', runtime).map((line) =>
      JSON.parse(line.slice(line.indexOf('['))),
    );
    const exit = await promisify(execFile)(process.execPath, check.slice(1), {
      env: { PORT: String(port) },
    }).then(
      () => 0,
      (error) => error.code,
    );
    server.close();
    expect(exit).toBe(code);
    if (status) expect(asked).toEqual(['/healthz']);
  });
});

const compose = readYaml('deploy/compose.yaml');
const services = Object.entries<any>(compose.services).map(([name, service]) => ({ name, service }));
const instances = services.filter(({ name }) => name.startsWith('postern'));

describe('the compose file', () => {
  it('has more than one instance, each restarted, checked and given the time to end', () => {
    expect(instances.length).toBeGreaterThan(1);
    for (const { service } of instances) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], restart: 'unless-stopped' });
      expect(parseInt(service.stop_grace_period)).toBeGreaterThan(STOPS_WITHIN);
    }
  });

  it.each(instances)('starts $name with settings that there are, and no secret among them', ({ service }) => {
    const names = Object.keys(service.environment);
    expect(unknownVariables(names)).toEqual([]);
    expect(shownSecrets(names)).toEqual([]);
    // Redis is asked for by a variable of the caller's.
    const files = names.filter((name) => name.endsWith('_FILE') && name !== 'REDIS_URL_FILE');
    expect(files.map((name) => service.environment[name])).toEqual(
      service.secrets.slice(0, -1).map((secret: string) => `/run/secrets/${secret}`),
    );
    const values = Object.entries<string>(service.environment)
      .filter(([name]) => !files.includes(name))
      .map(([name, value]) => [
        name,
        value.replace(/\$\{POSTERN_HOST:\?.*?\}/, 'postern.example.com').replace(/\$\{\w+:-(.*?)\}/, '$1'),
      ]);
    expect(() => Configuration.from(Object.fromEntries(values))).not.toThrow();
  });

  it('has no password in it, and makes a file for each secret', () => {
    const made = [...read('deploy/compose/make-secrets.sh').matchAll(/^make ([\w-]+) /gm)].map(
      ([, name]) => name,
    );
    expect(made.toSorted()).toEqual(Object.keys(compose.secrets).toSorted());
    for (const [name, { file }] of Object.entries<any>(compose.secrets))
      expect(file).toBe(`./secrets/${name}`);
    const shown = services.flatMap(({ service }) => shownSecrets(Object.keys(service.environment ?? {})));
    expect(shown).toEqual([]);
    expect(read('deploy/.gitignore')).toContain('secrets/');
  });

  it('mounts what is there', () => {
    const mounts = services
      .flatMap(({ service }) => service.volumes ?? [])
      .filter((one) => one.startsWith('./'));
    expect(mounts.length).toBeGreaterThan(1);
    for (const mount of mounts) expect(existsSync(join(ROOT, 'deploy', mount.split(':')[0]))).toBe(true);
  });

  it('has a database with a place for each connection, twice over', () => {
    const [, most] = /max_connections=(\d+)/.exec(compose.services.postgres.command.join(' '))!;
    const each = new Variables().DATABASE_POOL_MAX + CONNECTIONS_BESIDE_POOL;
    expect(Number(most)).toBeGreaterThanOrEqual(2 * instances.length * each);
  });

  it('has a proxy that knows each instance, and asks whether it is ready', () => {
    const caddyfile = read('deploy/compose/Caddyfile');
    const upstreams = instances.map(({ name }) => `${name}:${new Variables().PORT}`).join(' ');
    expect(caddyfile).toContain(`reverse_proxy ${upstreams} {`);
    expect(caddyfile).toMatch(/health_uri \/readyz$/m);
    const [{ subnet }] = compose.networks.front.ipam.config;
    for (const { service } of instances) expect(service.environment.POSTERN_TRUSTED_PROXIES).toBe(subnet);
  });
});
