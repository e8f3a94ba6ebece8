import {
  Agent,
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What stands before several instances. */
export interface Balancer {
  url: string;
  close(): Promise<void>;
}

const CHECK_EVERY_MS = 250;
const CHECK_MS = 1_000;
/** Red answers in a row after which an instance is not asked any more. */
const FALL = 2;
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding']);
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

interface Backend {
  url: string;
  agent: Agent;
  /** Red answers in a row. */
  red: number;
}

/**
 * A small balancer that does what nginx and HAProxy do unless they are told otherwise: instances in
 * turn, by connections that are kept; health checks at `/readyz`; what could not be sent, or may be
 * sent twice, is sent to the next; what is under way at an instance that turns red ends there.
 */
export class RoundRobin implements Balancer {
  private turn = 0;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly server: Server,
    private readonly backends: Backend[],
  ) {
    server.on('request', (incoming, outgoing) => void this.pass(incoming, outgoing));
    this.timer = setInterval(() => void this.check(), CHECK_EVERY_MS);
  }

  /** Instances are taken in when they are ready. */
  static async before(urls: string[]): Promise<RoundRobin> {
    const server = createServer({ keepAliveTimeout: 60_000 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new RoundRobin(
      server,
      urls.map((url) => ({ url, agent: new Agent({ keepAlive: true }), red: FALL })),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    for (const { agent } of this.backends) agent.destroy();
  }

  private async check(): Promise<void> {
    const checks = this.backends.map(async (backend) => {
      const signal = AbortSignal.timeout(CHECK_MS);
      const ready = await fetch(`${backend.url}/readyz`, { signal, headers: { connection: 'close' } }).then(
        ({ ok }) => ok,
        () => false,
      );
      backend.red = ready ? 0 : backend.red + 1;
    });
    await Promise.all(checks);
  }

  private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    for (const backend of this.inTurn()) {
      try {
        const answer = await ask(backend, incoming, body);
        outgoing.writeHead(answer.statusCode!, withoutHops(answer.headers));
        answer.on('error', () => outgoing.destroy());
        return void answer.pipe(outgoing);
      } catch (error) {
        if (!mayAskAnother(error, incoming.method!)) break;
      }
    }
    outgoing.writeHead(502).end();
  }

  private inTurn(): Backend[] {
    const green = this.backends.filter(({ red }) => red < FALL);
    this.turn += 1;
    return green.map((_, index) => green[(this.turn + index) % green.length]!);
  }
}

function ask({ url, agent }: Backend, incoming: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
  const { method } = incoming;
  const headers = withoutHops(incoming.headers);
  if (body.length > 0) headers['content-length'] = String(body.length);
  return new Promise((resolve, reject) => {
    const outgoing = request(url + incoming.url, { agent, method, headers });
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/** One connection is none of the other's business. */
function withoutHops(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

function mayAskAnother(error: unknown, method: string): boolean {
  return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED' || IDEMPOTENT.has(method);
}
