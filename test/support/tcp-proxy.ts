import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Link {
  client: Socket;
  upstream: Socket | undefined;
  /** What the target has said and is not handed on yet. */
  held: Buffer[];
}

/** Stands between a server and its database, on the loopback address alone, and can fail or be slow. */
export class TcpProxy {
  private readonly links = new Set<Link>();
  private swallowing = false;
  private delayMs = 0;
  private readonly swallowAt = new Map<string, () => void>();

  private constructor(
    private server: Server,
    private readonly target: URL,
    readonly port: number,
  ) {}

  /** @param target where connections go, e.g. a database URL */
  static async to(target: string): Promise<TcpProxy> {
    const server = createServer();
    const port = await listen(server, 0);
    const proxy = new TcpProxy(server, new URL(target), port);
    server.on('connection', (client) => proxy.open(client));
    return proxy;
  }

  /** The target's URL by way of this proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${this.port}`;
    return url.toString();
  }

  /** Breaks every connection, and refuses new ones. */
  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const link of this.links) this.drop(link);
    await closed;
  }

  /** Takes every byte and new connections too, and passes nothing on: half-open, as a dead route is. */
  swallow(): void {
    this.swallowing = true;
    for (const link of this.links) this.deaden(link);
  }

  /** Hands on what comes from the target this much later, in milliseconds; 0: at once. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  /** As `swallow`, but of the connections that there are only the one that comes to the target from this port. */
  swallowFrom(port: number): void {
    this.swallowing = true;
    for (const link of this.links) if (link.upstream?.localPort === port) this.deaden(link);
  }

  /** Swallows one connection from when it says this. Resolves when it has. */
  swallowOnce(said: string): Promise<void> {
    return new Promise((resolve) => this.swallowAt.set(said, resolve));
  }

  /** Serves new connections again. Those that were swallowed stay dead. */
  async restore(): Promise<void> {
    this.swallowing = false;
    if (this.server.listening) return;
    this.server = createServer((client) => this.open(client));
    await listen(this.server, this.port);
  }

  async close(): Promise<void> {
    if (this.server.listening) await this.cut();
  }

  private open(client: Socket): void {
    const link: Link = { client, upstream: undefined, held: [] };
    this.links.add(link);
    client.on('error', () => {});
    client.on('close', () => this.drop(link));
    if (this.swallowing) {
      client.resume();
      return;
    }
    const upstream = connect(Number(this.target.port), this.target.hostname);
    link.upstream = upstream;
    upstream.on('error', () => {});
    upstream.on('close', () => {
      if (link.upstream === upstream) this.drop(link);
    });
    client.on('data', (bytes: Buffer) => this.overhear(link, bytes));
    client.pipe(upstream);
    upstream.on('data', (bytes: Buffer) => this.handBack(link, bytes));
    upstream.on('end', () => client.end());
  }

  /** In order, also where the delay changes: each timer hands back what is first. */
  private handBack(link: Link, bytes: Buffer): void {
    link.held.push(bytes);
    const write = () => {
      const first = link.held.shift()!;
      if (link.upstream) link.client.write(first);
    };
    if (this.delayMs > 0 || link.held.length > 1) setTimeout(write, this.delayMs);
    else write();
  }

  private overhear(link: Link, bytes: Buffer): void {
    for (const [said, resolve] of this.swallowAt) {
      if (!bytes.includes(said)) continue;
      this.swallowAt.delete(said);
      this.deaden(link);
      resolve();
    }
  }

  private deaden(link: Link): void {
    link.client.unpipe();
    link.client.resume();
    link.upstream?.destroy();
    link.upstream = undefined;
  }

  private drop(link: Link): void {
    this.links.delete(link);
    link.client.destroy();
    link.upstream?.destroy();
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
