import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Configuration, ConfigurationError } from './configuration.js';
import { Variables } from './variables.js';

function faultsOf(environment: NodeJS.ProcessEnv): string[] {
  try {
    Configuration.from(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'postern-configuration-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function file(content: string | Buffer): string {
    const path = join(folder, 'value');
    writeFileSync(path, content);
    return path;
  }

  it('needs nothing', () => {
    const configuration = Configuration.from({});
    expect(configuration).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      databaseUrl: undefined,
      databasePoolMax: 10,
      dataDir: './data',
      publicUrl: undefined,
      corsOrigins: [],
      trustedProxies: [],
      accessTokenTtl: 3600,
      logLevel: 'info',
      defaultCustomer: '10001',
      adminClient: { clientId: undefined, clientSecret: undefined },
      sampleData: true,
    });
  });

  it('reads what is set', () => {
    const configuration = Configuration.from({
      HOST: '::',
      PORT: '8080',
      DATABASE_URL: 'postgresql://postern:word@db.example/postern',
      DATABASE_POOL_MAX: '25',
      POSTERN_DATA_DIR: '/var/lib/postern',
      POSTERN_PUBLIC_URL: 'https://postern.example.com/',
      POSTERN_CORS_ORIGINS: 'https://a.example.com, https://b.example.com:8443',
      POSTERN_TRUSTED_PROXIES: '10.0.0.0/8, ::1,192.0.2.7',
      POSTERN_ACCESS_TOKEN_TTL: '60',
      POSTERN_TOKEN_RETENTION_DAYS: '30',
      LOG_LEVEL: 'warn',
      POSTERN_DEFAULT_CUSTOMER: 'acme',
      POSTERN_ADMIN_CLIENT_ID: 'admin',
      POSTERN_ADMIN_CLIENT_SECRET: 'correct horse battery',
    });
    expect(configuration).toMatchObject({
      host: '::',
      port: 8080,
      databaseUrl: 'postgresql://postern:word@db.example/postern',
      databasePoolMax: 25,
      dataDir: '/var/lib/postern',
      publicUrl: 'https://postern.example.com',
      corsOrigins: ['https://a.example.com', 'https://b.example.com:8443'],
      trustedProxies: ['10.0.0.0/8', '::1', '192.0.2.7'],
      accessTokenTtl: 60,
      tokenRetentionDays: 30,
      logLevel: 'warn',
      defaultCustomer: 'acme',
      adminClient: { clientId: 'admin', clientSecret: 'correct horse battery' },
    });
  });

  it('loads the sample inventory into the embedded database alone', () => {
    expect(Configuration.from({ POSTERN_SAMPLE_DATA: 'false' }).sampleData).toBe(false);
    expect(Configuration.from({ DATABASE_URL: 'postgres://db.example/postern' }).sampleData).toBe(false);
  });

  it('takes a variable that is empty for one that is absent', () => {
    expect(Configuration.from({ PORT: '', DATABASE_URL: '', PORT_FILE: '' }).port).toBe(3000);
  });

  it('reads a value from the file that <NAME>_FILE names, without the line break at its end', () => {
    const configuration = Configuration.from({
      POSTERN_ADMIN_CLIENT_SECRET_FILE: file('a secret from a file\n'),
    });
    expect(configuration.adminClient.clientSecret).toBe('a secret from a file');
    expect(Configuration.from({ PORT_FILE: file('4000\r\n') }).port).toBe(4000);
  });

  it('takes a file that is empty for a variable that is absent', () => {
    expect(Configuration.from({ PORT_FILE: file('\n') }).port).toBe(3000);
  });

  it('refuses a value and a file for one variable', () => {
    expect(faultsOf({ PORT: '4000', PORT_FILE: file('4000') })).toEqual([
      'PORT and PORT_FILE do not go together.',
    ]);
  });

  it.each(['not-there', ''])('refuses a file that cannot be read, or is a folder: %j', (name) => {
    expect(faultsOf({ PORT_FILE: join(folder, name) })).toEqual(['PORT_FILE takes a file that can be read.']);
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '3000.5'],
    ['DATABASE_URL', 'mysql://root:hunter2@db.example/postern'],
    ['DATABASE_URL', 'postgres://postern:hunter2#3@db.example/postern'],
    ['DATABASE_REPLICA_URLS', 'postgres://postern:hunter2@replica.example/postern'],
    ['DATABASE_REPLICA_URLS', 'mysql://root:hunter2@replica.example/postern'],
    ['DATABASE_POOL_MAX', '0'],
    ['DATABASE_POOL_MAX', '1001'],
    ['POSTERN_PUBLIC_URL', 'postern.example.com'],
    ['POSTERN_PUBLIC_URL', 'ftp://postern.example.com'],
    ['POSTERN_PUBLIC_URL', 'https://user:hunter2@postern.example.com'],
    ['POSTERN_PUBLIC_URL', 'https://postern.example.com/?a=hunter2'],
    ['POSTERN_PUBLIC_URL', 'https://postern.example.com/#hunter2'],
    ['POSTERN_PUBLIC_URL', 'https://example.com/postern'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'https://user:hunter2@collector.example.com'],
    ['POSTERN_CORS_ORIGINS', '*'],
    ['POSTERN_CORS_ORIGINS', 'https://a.example.com,https://b.example.com/path'],
    ['POSTERN_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['POSTERN_TRUSTED_PROXIES', '10'],
    ['POSTERN_TRUSTED_PROXIES', '10.0.0.0/8,proxy.example.com'],
    ['POSTERN_ACCESS_TOKEN_TTL', '0'],
    ['POSTERN_ACCESS_TOKEN_TTL', '2592001'],
    ['POSTERN_ACCESS_TOKEN_TTL', '1h'],
    ['POSTERN_TOKEN_RETENTION_DAYS', '0'],
    ['POSTERN_TOKEN_RETENTION_DAYS', '3651'],
    ['POSTERN_SHUTDOWN_GRACE', '6'],
    ['LOG_LEVEL', 'verbose'],
    ['POSTERN_DEFAULT_CUSTOMER', 'a customer'],
    ['POSTERN_ADMIN_CLIENT_ID', 'an id with spaces'],
    ['POSTERN_ADMIN_CLIENT_SECRET', 'hunter2'],
    ['POSTERN_SAMPLE_DATA', 'no'],
    ['POSTERN_SAMPLE_DATA', 'constructor'],
  ])('refuses %s=%s by name and with what it takes, never with the value', (name, value) => {
    const faults = faultsOf({ [name]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${name} takes .*\\.$`));
    expect(faults[0]).not.toContain('hunter2');
    if (value.length > 3) expect(faults[0]).not.toContain(value);
  });

  it.each([
    'postgres://postern@/postern?host=/var/run/postgresql',
    'postgres://db.example:5432/postern?sslmode=require',
    'postgresql:///postern',
  ])('takes the database URL %s', (url) => {
    expect(Configuration.from({ DATABASE_URL: url }).databaseUrl).toBe(url);
  });

  it('takes replicas beside the database that they follow, and refuses all where one is none', () => {
    const DATABASE_URL = 'postgres://db.example/postern';
    const replicas = ['postgres://one.example/postern', 'postgresql://postern:a%2Cb@two.example/postern'];
    const { databaseReplicaUrls } = Configuration.from({
      DATABASE_URL,
      DATABASE_REPLICA_URLS_FILE: file(`${replicas.join(', ')}\n`),
    });
    expect(databaseReplicaUrls).toEqual(replicas);
    expect(faultsOf({ DATABASE_URL, DATABASE_REPLICA_URLS: `${replicas[0]},two.example:hunter2` })).toEqual([
      'DATABASE_REPLICA_URLS takes postgres:// or postgresql:// URLs, comma-separated.',
    ]);
  });

  it('names every fault at once', () => {
    const faults = faultsOf({ PORT: 'a', LOG_LEVEL: 'b' });
    expect(faults.map((fault) => fault.split(' ', 1)[0])).toEqual(['PORT', 'LOG_LEVEL']);
    expect(() => Configuration.from({ PORT: 'a', LOG_LEVEL: 'b' })).toThrow(
      /\n {2}PORT takes .*\n {2}LOG_LEVEL takes /,
    );
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen((Configuration.from({}) as unknown as { variables: Variables }).variables)).toBe(
      true,
    );
  });
});
