import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { unique } from '../support/create-test-environment.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { until } from '../support/waiting.js';
import { ServerProcess } from '../support/server-process.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE}-${CALLER}-01`;

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: Record<string, string | number>;
  status: { code?: number };
}

/** What takes OTLP over HTTP in JSON; `silent`, it answers nobody. */
class Collector {
  readonly spans: Span[] = [];
  readonly bodies: string[] = [];
  readonly resources: Record<string, string | number>[] = [];
  readonly paths = new Set<string>();
  /** Who waits for an answer, while it gives none. */
  private held: (() => void)[] | undefined;

  private constructor(private readonly server: Server) {}

  static async listen(): Promise<Collector> {
    const server = createServer();
    const collector = new Collector(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        collector.paths.add(request.url!);
        collector.take(Buffer.concat(chunks).toString());
        const answer = () => void response.setHeader('content-type', 'application/json').end('{}');
        if (collector.held) collector.held.push(answer);
        else answer();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The spans of a trace, once its request is among them. */
  trace(traceId: string): Promise<Span[]> {
    return eventually(async () => {
      const spans = this.spans.filter((span) => span.traceId === traceId);
      return spans.some(({ kind }) => kind === 2) && spans;
    });
  }

  fallSilent(): void {
    this.held = [];
  }

  get isAsked(): boolean {
    return this.held!.length > 0;
  }

  speak(): void {
    for (const answer of this.held!) answer();
    this.held = undefined;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private take(body: string): void {
    this.bodies.push(body);
    for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
      this.resources.push(attributesOf(resource.attributes));
      for (const { spans } of scopeSpans)
        for (const span of spans) this.spans.push({ ...span, attributes: attributesOf(span.attributes) });
    }
  }
}

function attributesOf(pairs: { key: string; value: Record<string, string | number> }[]) {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]!]));
}

let collector: Collector;
let database: TestDatabase;
let postern: ServerProcess;
let admin: ApiClient;
let anonymous: ApiClient;

const ADMIN_SECRET = process.env.POSTERN_TEST_ADMIN_SECRET!;
/** Longer than a server may take to stop. */
const PATIENCE_MS = 60_000;

/** In a process of its own: the library reads the environment of the process. */
async function start(endpoint: string, variables: Record<string, string> = {}): Promise<void> {
  postern = await ServerProcess.start({
    ...database.environment,
    LOG_LEVEL: 'info',
    POSTERN_SHUTDOWN_GRACE: '0',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_BSP_SCHEDULE_DELAY: '50',
    ...variables,
  });
  admin = ApiClient.basic(postern.url, 'test-admin', ADMIN_SECRET);
  anonymous = new ApiClient(postern.url);
}

beforeAll(async () => {
  collector = await Collector.listen();
  database = await createDatabase();
  await start(`${collector.url}/`, {
    OTEL_SERVICE_NAME: 'side-gate',
    OTEL_EXPORTER_OTLP_TIMEOUT: String(PATIENCE_MS),
    OTEL_BSP_EXPORT_TIMEOUT: String(PATIENCE_MS),
  });
});
afterAll(async () => {
  await ServerProcess.killAll();
  await database?.drop();
  collector?.close();
});
beforeEach(() => {
  collector.spans.length = 0;
});

const form = (fields: Record<string, string>, headers: Record<string, string> = {}) => ({
  body: new URLSearchParams(fields),
  headers,
});

/** What it has logged. */
function lines(): Record<string, unknown>[] {
  const json = postern.output.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  return json.map((line) => JSON.parse(line));
}

async function registerClient(fields: Record<string, unknown> = {}) {
  const { body } = await admin.post('/api/v1/clients', { body: { name: unique('traced'), ...fields } });
  return { clientId: body.client_id as string, clientSecret: body.client_secret as string };
}

describe('a request', () => {
  it('is a span of the caller’s trace, with its statements and slow hashes as children', async () => {
    const client_secret = 'a secret that a person chose';
    const { clientId } = await registerClient({ client_secret });
    const own = ApiClient.basic(postern.url, clientId, `${client_secret}, and mistook`);
    const { status, headers } = await own.post(
      '/oauth2/token?from=a-query',
      form({ grant_type: 'client_credentials' }, { traceparent: TRACEPARENT }),
    );
    expect(status).toBe(401);

    const spans = await collector.trace(TRACE);
    const request = spans.find(({ kind }) => kind === 2)!;
    expect(request).toMatchObject({ name: 'POST /oauth2/token', parentSpanId: CALLER, status: { code: 0 } });
    expect(request.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/oauth2/token',
      'http.response.status_code': 401,
      'url.path': '/oauth2/token',
      'url.scheme': 'http',
    });
    const line = lines().find(({ path }) => path === '/oauth2/token')!;
    expect(line).toMatchObject({
      trace_id: TRACE,
      span_id: request.spanId,
      status: 401,
      code: 'invalid_client',
    });
    expect(line.request_id).toBe(headers.get('x-request-id'));
    expect(headers.get('traceresponse')).toBe(`00-${TRACE}-${request.spanId}-01`);

    const children = spans.filter(({ parentSpanId }) => parentSpanId === request.spanId);
    expect(children.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['slow hash', 'INSERT failed_authentications', 'INSERT audit_events']),
    );
    const statement = children.find(({ name }) => name === 'INSERT audit_events')!;
    expect(statement.attributes).toMatchObject({
      'db.system.name': 'postgresql',
      'db.operation.name': 'INSERT',
      'db.collection.name': 'audit_events',
    });
    expect(statement.attributes['db.query.text']).toMatch(/^INSERT INTO audit_events .*\(\$1::jsonb/);
    expect(collector.resources[0]).toMatchObject({ 'service.name': 'side-gate' });
    expect(collector.paths).toEqual(new Set(['/v1/traces']));
  });

  it('begins a trace where the caller’s header is none, or not to the letter', async () => {
    const bad = TRACEPARENT.toUpperCase();
    const { headers } = await anonymous.get('/pam/v1/devices/here', {
      headers: { traceparent: bad },
    });
    expect(headers.get('traceresponse')).toBeNull();
    const request = await eventually(async () => collector.spans.find(({ kind }) => kind === 2));
    expect(request.name).toBe('GET /pam/v1/devices/:id');
    expect(request.parentSpanId).toBeUndefined();
    expect(request.traceId).not.toBe(TRACE);
  });

  it('is not recorded where its caller records none of it', async () => {
    const traceparent = TRACEPARENT.replace(/01$/, '00');
    await anonymous.get('/healthz', { headers: { traceparent } });
    await anonymous.get('/readyz', { headers: { traceparent: TRACEPARENT } });
    const spans = await collector.trace(TRACE);
    expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(['GET /readyz', 'SELECT']));
    expect(spans.map(({ name }) => name)).not.toContain('GET /healthz');
  });

  it('keeps its statements apart from those of others that run at once', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => index.toString(16).padStart(32, 'a'));
    await Promise.all(
      ids.map((id) => admin.get('/api/v1/clients', { headers: { traceparent: `00-${id}-${CALLER}-01` } })),
    );
    for (const id of ids) {
      const spans = await collector.trace(id);
      const request = spans.find(({ kind }) => kind === 2)!;
      const lists = spans.filter(({ name }) => name === 'SELECT clients');
      expect(lists).not.toHaveLength(0);
      for (const { parentSpanId } of lists) expect(parentSpanId).toBe(request.spanId);
    }
  });

  it('tells no secret, token, query or value of a statement', async () => {
    const { clientId, clientSecret } = await registerClient({ name: 'a-name-to-be-looked-for' });
    const own = ApiClient.basic(postern.url, clientId, clientSecret);
    const { body } = await own.post('/oauth2/token', form({ grant_type: 'client_credentials' }));
    const token: string = body.access_token;
    await ApiClient.bearer(postern.url, token).get('/pam/v1/devices?name=a-word-to-be-looked-for');
    await admin.post('/oauth2/introspect', form({ token }));
    await admin.get('/api/v1/clients?search=a-word-to-be-looked-for', {
      headers: { traceparent: TRACEPARENT },
    });
    await collector.trace(TRACE);
    const told = collector.bodies.join('\n');
    for (const secret of [clientSecret, token, ADMIN_SECRET, 'to-be-looked-for'])
      expect(told + postern.output).not.toContain(secret);
  });
});

describe('a collector that does not answer', () => {
  it('holds up no request and no end', async () => {
    collector.fallSilent();
    expect((await anonymous.get('/readyz')).status).toBe(200);
    await eventually(async () => collector.isAsked);
    expect((await anonymous.get('/readyz')).status).toBe(200);
    // Before main.ts ends whatever hangs.
    expect(await postern.kill('SIGTERM', 7_000)).toEqual({ code: 0, signal: null });
    collector.speak();
  });

  it('or is not there loses its spans alone, and that is counted', async () => {
    await start('http://127.0.0.1:9', { OTEL_EXPORTER_OTLP_TIMEOUT: '500' });
    expect((await anonymous.get('/readyz')).status).toBe(200);
    await until(
      'a batch is lost',
      async () => {
        const { text } = await admin.get('/metrics');
        return /^postern_trace_batches_total\{outcome="lost"\} [1-9]/m.test(text);
      },
      30_000,
    );
  });
});
