import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

type Answer = string | number;

/**
 * Speaks as much of Redis (RESP 2) as Postern asks for, where no Redis is installed: counts, and what
 * its client says on connecting. Counts are held until it is closed; nothing expires.
 */
export class RedisStandIn {
  readonly counts = new Map<string, number>();
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(): Promise<RedisStandIn> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const standIn = new RedisStandIn(server, (server.address() as AddressInfo).port);
    server.on('connection', (socket) => standIn.serve(socket));
    return standIn;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => {});
    let unread = '';
    socket.setEncoding('latin1').on('data', (text) => {
      unread += text;
      for (let command = take(unread); command; command = take(unread)) {
        unread = unread.slice(command.length);
        socket.write(encode(this.answer(command.words)));
      }
    });
  }

  private answer([name = '', key = '', value = '']: string[]): Answer {
    switch (name.toLowerCase()) {
      case 'info':
        return 'redis_version:7.2.0\r\nloading:0\r\n';
      case 'incrby': {
        const count = (this.counts.get(key) ?? 0) + Number(value);
        this.counts.set(key, count);
        return count;
      }
      case 'pexpire':
        return 1;
      default:
        return 'OK';
    }
  }
}

/** The first whole command of what has arrived: an array of bulk strings. */
function take(text: string): { words: string[]; length: number } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (!head) return undefined;
  const words: string[] = [];
  let at = head[0].length;
  while (words.length < Number(head[1])) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at));
    if (!size) return undefined;
    const begin = at + size[0].length;
    at = begin + Number(size[1]) + 2;
    if (text.length < at) return undefined;
    words.push(text.slice(begin, at - 2));
  }
  return { words, length: at };
}

function encode(answer: Answer): string {
  return typeof answer === 'number' ? `:${answer}\r\n` : `$${answer.length}\r\n${answer}\r\n`;
}
