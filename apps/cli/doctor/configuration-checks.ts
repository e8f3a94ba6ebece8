import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import type { Configuration } from '#configuration';
import { fail, ok, warn, type Finding } from './finding.js';

const GB = 1024 ** 3;
const LOW = { warn: 1, fail: 0.1 };
const REDIS_MS = 2_000;

/** What can be told of the environment alone, and of what it names but the database. */
export async function configurationFindings(configuration: Configuration): Promise<Finding[]> {
  const folder = resolve(configuration.dataDir);
  return [
    publicUrl(configuration),
    engine(configuration),
    trustedProxies(configuration),
    masterKey(configuration),
    ...(existsSync(join(folder, 'bootstrap-credentials'))
      ? [
          warn(
            'bootstrap credentials',
            `they lie in ${folder}`,
            'Read bootstrap-credentials, keep what it holds elsewhere, and delete it.',
          ),
        ]
      : []),
    ...(configuration.databaseUrl ? [] : [await diskSpace(folder)]),
    ...(configuration.redisUrl ? [await redis(configuration.redisUrl)] : []),
  ];
}

function publicUrl({ publicUrl: url, host, port }: Configuration): Finding {
  const name = 'public URL';
  const isLocal = ['127.0.0.1', '::1', 'localhost'].includes(host);
  if (url === undefined) {
    const found = `not set; it is http://${host}:${port}`;
    return isLocal
      ? ok(name, found)
      : warn(
          name,
          found,
          'Set POSTERN_PUBLIC_URL to where clients reach it: it is the issuer, and where people are sent back to.',
        );
  }
  if (url.startsWith('https://') || /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:|$)/.test(url))
    return ok(name, url);
  return fail(
    name,
    `${url} is not https`,
    'Put a proxy that speaks TLS in front: secrets and tokens travel in clear.',
  );
}

function engine({ databaseUrl }: Configuration): Finding {
  if (databaseUrl) return ok('engine', 'PostgreSQL at DATABASE_URL');
  return warn(
    'engine',
    'embedded',
    'For production set DATABASE_URL (`postern move` takes everything along): the embedded engine runs without fsync, and bears one instance.',
  );
}

function trustedProxies({ trustedProxies: proxies, publicUrl: url }: Configuration): Finding {
  const name = 'trusted proxies';
  if (proxies.some((cidr) => /^(0\.0\.0\.0|::)\/0$/.test(cidr)))
    return fail(
      name,
      'everybody',
      'Set POSTERN_TRUSTED_PROXIES to the proxy alone: now anybody may claim any address, also one of allowed_cidrs.',
    );
  if (proxies.length === 0 && url?.startsWith('https://'))
    return warn(
      name,
      'none, though TLS ends at a proxy',
      'Set POSTERN_TRUSTED_PROXIES to its address: the audit log, allowed_cidrs and the throttling now see the proxy as every caller.',
    );
  return ok(name, proxies.join(', ') || 'none');
}

function masterKey({ masterKeys, vault }: Configuration): Finding {
  const name = 'master key';
  if (masterKeys.length === 0)
    return warn(
      name,
      'not set',
      'Set POSTERN_MASTER_KEY (openssl rand -base64 32): the keys that sign tokens lie in the database, and in its backups, in clear.',
    );
  const found = `set, ${masterKeys.length} in all; the vault is ${vault ? 'on' : 'off'}`;
  return masterKeys.length === 1
    ? ok(name, found)
    : warn(
        name,
        found,
        'When every instance has the new key first: `postern vault rotate`, then drop the old ones.',
      );
}

async function diskSpace(folder: string): Promise<Finding> {
  const name = 'disk space';
  const { bavail, bsize } = await statfs(existsSync(folder) ? folder : '/');
  const free = (bavail * bsize) / GB;
  const found = `${free.toFixed(1)} GB free at ${folder}`;
  if (free < LOW.fail) return fail(name, found, 'Make room: a full disk stops the database.');
  return free < LOW.warn ? warn(name, found, 'Make room before the database needs it.') : ok(name, found);
}

async function redis(url: string): Promise<Finding> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: REDIS_MS,
    commandTimeout: REDIS_MS,
    retryStrategy: () => null,
  });
  // Said by the check itself.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.ping();
    return ok('Redis', 'answers');
  } catch (error) {
    return fail(
      'Redis',
      `does not answer: ${(error as Error).message}`,
      'Mend it, or unset REDIS_URL: rate limits are then counted in PostgreSQL.',
    );
  } finally {
    client.disconnect();
  }
}
