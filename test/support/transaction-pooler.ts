import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

const NOTIFICATION = 'A'.charCodeAt(0);
const READY = 'Z'.charCodeAt(0);

export interface TransactionPooler {
  url: string;
  close(): void;
}

/**
 * Stands before PostgreSQL as a pooler does that lends sessions by the transaction, with one for
 * everybody: what comes from a session that is not lent out is nobody's, and dropped.
 */
export async function startTransactionPooler(databaseUrl: string): Promise<TransactionPooler> {
  const target = new URL(databaseUrl);
  const server = createServer((client) => relay(client, connect(Number(target.port), target.hostname)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: url.toString(), close: () => server.close() };
}

function relay(client: Socket, session: Socket): void {
  let lent = true;
  let rest = Buffer.alloc(0);
  client.on('data', (chunk: Buffer) => {
    lent = true;
    session.write(chunk);
  });
  session.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length > rest.readUInt32BE(1)) {
      const length = rest.readUInt32BE(1) + 1;
      if (lent || rest[0] !== NOTIFICATION) client.write(rest.subarray(0, length));
      if (rest[0] === READY) lent = false;
      rest = rest.subarray(length);
    }
  });
  for (const [one, other] of [
    [client, session],
    [session, client],
  ] as const)
    one.on('error', () => {}).on('close', () => other.destroy());
}
