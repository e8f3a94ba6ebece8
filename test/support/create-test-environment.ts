import type { RunningServer, ServerOptions } from '../../apps/server/server.js';
import { ApiClient } from './api-client.js';
import { createDatabase, type TestDatabase } from './engine.js';
import { MovableClock } from './movable-clock.js';
import { Configuration, startServer } from './postern.js';
import { unique } from './unique.js';

export { unique };

interface EnvironmentOptions {
  /** Environment variables of the server, beside the database's. */
  variables?: Record<string, string>;
  /** A first start with the sample inventory; it comes with the embedded engine alone, whichever the run is on. */
  sampleData?: boolean;
  importLimits?: ServerOptions['importLimits'];
  connectionLimits?: ServerOptions['connectionLimits'];
  /** A built console of the test's own. */
  consoleFolder?: string;
  /** By default it is not while tests run, which move the clock forth and back. */
  pruneEveryMs?: number;
  auditUpkeepEveryMs?: number;
}

export interface RegisteredClient {
  clientId: string;
  clientSecret: string;
  /** With a bearer token of the client's. */
  api: ApiClient;
}

/**
 * A listening server on a database of its own, with a clock that can be moved. One at a time in a
 * test file: passport keeps its strategies per process.
 */
export class TestEnvironment {
  readonly customerId = '10001';
  /** Basic, as the default administrative client. */
  readonly admin: ApiClient;
  readonly adminCredentials = {
    clientId: 'test-admin',
    clientSecret: process.env.POSTERN_TEST_ADMIN_SECRET!,
  };
  /** Of the first owner, for the sign-in page. */
  readonly ownerCredentials = { username: 'owner', password: process.env.POSTERN_TEST_OWNER_PASSWORD! };
  /** Without credentials. */
  readonly anonymous: ApiClient;

  constructor(
    private readonly server: RunningServer,
    private readonly testDatabase: TestDatabase,
    readonly clock: MovableClock,
  ) {
    const { clientId, clientSecret } = this.adminCredentials;
    this.admin = ApiClient.basic(this.url, clientId, clientSecret);
    this.anonymous = new ApiClient(this.url);
  }

  get url(): string {
    return this.server.url;
  }

  /** Where people reach it: another name than `url` where POSTERN_PUBLIC_URL says so. */
  get publicUrl(): string {
    return this.server.publicUrl;
  }

  /** Where a second connection goes; undefined on the embedded engine, which has one session. */
  get databaseUrl(): string | undefined {
    return this.testDatabase.environment.DATABASE_URL;
  }

  /** For what cannot be seen by HTTP. */
  get database() {
    return this.server.database;
  }

  /** A client with these fields, and a token of its own. */
  async registerClient(fields: Record<string, unknown> = {}): Promise<RegisteredClient> {
    const { status, body, text } = await this.admin.post('/api/v1/clients', {
      body: { name: unique('client'), ...fields },
    });
    if (status !== 201) throw new Error(`The client was not registered: ${status} ${text}`);
    const { client_id: clientId, client_secret: clientSecret } = body;
    const api = ApiClient.bearer(this.url, await this.token(clientId, clientSecret));
    return { clientId, clientSecret, api };
  }

  /** An access token by client credentials. */
  async token(
    clientId: string,
    clientSecret: string,
    parameters: Record<string, string> = {},
  ): Promise<string> {
    const client = ApiClient.basic(this.url, clientId, clientSecret);
    const { status, body, text } = await client.post('/oauth2/token', {
      body: new URLSearchParams({ grant_type: 'client_credentials', ...parameters }),
    });
    if (status !== 200) throw new Error(`No token was given: ${status} ${text}`);
    return body.access_token;
  }

  /** A second tenant with an administrative client of its own. */
  async addCustomer(customerId: string): Promise<ApiClient> {
    await this.database.query(
      'INSERT INTO customers (customer_id, name, created_at, updated_at) VALUES ($1, $1, now(), now())',
      [customerId],
    );
    const scopes = [
      'clients:read',
      'clients:write',
      'tokens:read',
      'tokens:write',
      'scopes:read',
      'scopes:write',
      'audit:read',
      'inventory:write',
    ];
    const { body } = await this.admin.post('/api/v1/clients', {
      body: { name: 'Default Client Credential', customer_id: customerId, scopes },
    });
    return ApiClient.basic(this.url, body.client_id, body.client_secret);
  }

  /** Of the embedded engine, and of what a first start leaves. */
  get dataDir(): string {
    return this.testDatabase.dataDir;
  }

  /**
   * The same database under a server that is started anew, with other variables.
   * @param meanwhile is done while none is there
   */
  async restart(
    variables: Record<string, string> = {},
    meanwhile = async (): Promise<void> => {},
  ): Promise<TestEnvironment> {
    await this.server.close();
    await meanwhile();
    return serve(this.testDatabase, this.clock, { variables });
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.testDatabase.drop();
  }
}

export async function createTestEnvironment(options: EnvironmentOptions = {}): Promise<TestEnvironment> {
  const database = await createDatabase(options.sampleData ? { state: 'empty', on: 'embedded' } : {});
  try {
    return await serve(database, new MovableClock(), options);
  } catch (error) {
    await database.drop();
    throw error;
  }
}

async function serve(
  database: TestDatabase,
  clock: MovableClock,
  { variables = {}, sampleData = false, pruneEveryMs = 86_400_000, ...rest }: EnvironmentOptions,
): Promise<TestEnvironment> {
  const configuration = Configuration.from({
    PORT: '0',
    LOG_LEVEL: 'error',
    POSTERN_SAMPLE_DATA: String(sampleData),
    // Tests fail to authenticate all the time, from one address.
    POSTERN_RATE_LIMIT_FAILURES: '100000',
    // Memory for it is taken at the start.
    POSTERN_TOKEN_CACHE_SIZE: '1000',
    POSTERN_ADMIN_CLIENT_ID: 'test-admin',
    POSTERN_ADMIN_CLIENT_SECRET: process.env.POSTERN_TEST_ADMIN_SECRET,
    POSTERN_OWNER_PASSWORD: process.env.POSTERN_TEST_OWNER_PASSWORD,
    ...database.environment,
    ...variables,
  });
  const output = { write: () => true } as unknown as NodeJS.WriteStream;
  return new TestEnvironment(
    await startServer(configuration, { clock, output, pruneEveryMs, ...rest }),
    database,
    clock,
  );
}
