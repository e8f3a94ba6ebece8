import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Variables } from './variables.js';

/** The environment, read once, validated, typed and immutable. */
export class Configuration {
  private constructor(private readonly variables: Readonly<Variables>) {}

  /** @throws ConfigurationError that names every variable that is wrong, and never a value */
  static from(environment: NodeJS.ProcessEnv): Configuration {
    const variables = plainToInstance(Variables, readVariables(environment), { exposeDefaultValues: true });
    const faults = validateSync(variables, {
      stopAtFirstError: true,
      validationError: { target: false, value: false },
    });
    if (faults.length > 0) {
      throw new ConfigurationError(
        faults.map(
          ({ property, constraints }) => `${property} ${Object.values(constraints ?? {}).join(', ')}.`,
        ),
      );
    }
    return new Configuration(Object.freeze(variables));
  }

  get host(): string {
    return this.variables.HOST;
  }

  get port(): number {
    return this.variables.PORT;
  }

  /** Undefined: the embedded engine. */
  get databaseUrl(): string | undefined {
    return this.variables.DATABASE_URL;
  }

  /** Standbys that reads of PAM data may go to. */
  get databaseReplicaUrls(): string[] {
    return this.variables.DATABASE_REPLICA_URLS;
  }

  get databasePoolMax(): number {
    return this.variables.DATABASE_POOL_MAX;
  }

  /** Access tokens that are remembered, so that the database need not be asked; 0: none. */
  get tokenCacheSize(): number {
    return this.variables.POSTERN_TOKEN_CACHE_SIZE;
  }

  get dataDir(): string {
    return this.variables.POSTERN_DATA_DIR;
  }

  /** Where the outside reaches this server, without a slash at the end; undefined: host and port. */
  get publicUrl(): string | undefined {
    return this.variables.POSTERN_PUBLIC_URL?.replace(/\/+$/, '');
  }

  /** 32 bytes each: the first one seals, all open. */
  get masterKeys(): Buffer[] {
    return this.variables.POSTERN_MASTER_KEY.map((key) => Buffer.from(key, 'base64'));
  }

  /** Whether secrets and tokens are kept so that owners can look at them again. */
  get vault(): boolean {
    return this.variables.POSTERN_VAULT;
  }

  /** Failed authentications a minute, per client or person and address. */
  get rateLimitFailures(): number {
    return this.variables.POSTERN_RATE_LIMIT_FAILURES;
  }

  /** Requests a minute, per client, person or address; 0: as many as they like. */
  get rateLimitRequests(): number {
    return this.variables.POSTERN_RATE_LIMIT_REQUESTS;
  }

  /** Where instances share what they count; undefined: in the database. */
  get redisUrl(): string | undefined {
    return this.variables.REDIS_URL;
  }

  get corsOrigins(): string[] {
    return this.variables.POSTERN_CORS_ORIGINS;
  }

  get trustedProxies(): string[] {
    return this.variables.POSTERN_TRUSTED_PROXIES;
  }

  /** Seconds that an access token lives where its client says nothing else. */
  get accessTokenTtl(): number {
    return this.variables.POSTERN_ACCESS_TOKEN_TTL;
  }

  /** Days that a token stays on record once it has expired. */
  get tokenRetentionDays(): number {
    return this.variables.POSTERN_TOKEN_RETENTION_DAYS;
  }

  /** Seconds that a server which is told to end goes on accepting, so that its balancer notices. */
  get shutdownGrace(): number {
    return this.variables.POSTERN_SHUTDOWN_GRACE;
  }

  /** Days that an audit event is kept. */
  get auditRetentionDays(): number {
    return this.variables.POSTERN_AUDIT_RETENTION_DAYS;
  }

  /** Where audit events are copied to: `stdout`, or a file; undefined: nowhere. */
  get auditCopy(): string | undefined {
    return this.variables.POSTERN_AUDIT_COPY;
  }

  get logLevel(): string {
    return this.variables.LOG_LEVEL;
  }

  /** Where spans are sent: a collector's base, for OTLP over HTTP; undefined: nothing is recorded. */
  get otlpEndpoint(): string | undefined {
    return this.variables.OTEL_EXPORTER_OTLP_ENDPOINT;
  }

  get defaultCustomer(): string {
    return this.variables.POSTERN_DEFAULT_CUSTOMER;
  }

  /** What the operator chose for the first administrative client; undefined: generated. */
  get adminClient(): { clientId?: string; clientSecret?: string } {
    const { POSTERN_ADMIN_CLIENT_ID: clientId, POSTERN_ADMIN_CLIENT_SECRET: clientSecret } = this.variables;
    return { clientId, clientSecret };
  }

  /** The first person; without a password one is generated. */
  get owner(): { username: string; password?: string } {
    const { POSTERN_OWNER_USERNAME: username, POSTERN_OWNER_PASSWORD: password } = this.variables;
    return { username, password };
  }

  /** The sample inventory comes with the embedded database alone. */
  get sampleData(): boolean {
    return this.databaseUrl === undefined && this.variables.POSTERN_SAMPLE_DATA;
  }
}

export class ConfigurationError extends Error {
  constructor(readonly faults: string[]) {
    super(
      `Postern does not start with this configuration:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
  }
}

/** Each variable by its name, or from the file that `<NAME>_FILE` names. An empty one is absent. */
function readVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  const faults: string[] = [];
  const values: Record<string, string> = {};
  for (const name of Object.keys(new Variables())) {
    const file = environment[`${name}_FILE`];
    const value = environment[name];
    if (file && value) faults.push(`${name} and ${name}_FILE do not go together.`);
    else if (file) {
      const content = contentOf(file);
      if (content === undefined) faults.push(`${name}_FILE takes a file that can be read.`);
      else if (content) values[name] = content;
    } else if (value) values[name] = value;
  }
  if (faults.length > 0) throw new ConfigurationError(faults);
  return values;
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
