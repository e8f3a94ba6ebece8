import { connect } from 'node:net';
import type { Client } from 'pg';

const CANCEL_REQUEST_CODE = 80_877_102;
/** How long the server is tried to be reached, in milliseconds. */
const PATIENCE_MS = 5_000;

/** What node-postgres knows of a session, and its types do not. */
interface Session {
  processID: number | null;
  secretKey: number | null;
}

/** Whether an error means that a statement was not answered in time, and may be under way still. */
export function isStatementTimeout(error: unknown): boolean {
  return error instanceof Error && /query read timeout/i.test(error.message);
}

/**
 * Has the server end what this connection asked for, as far as it can be reached. PostgreSQL does not
 * notice that a caller has gone while it waits for a lock: the session would stay, and each later
 * attempt would add another, until nobody can connect.
 *
 * By a connection of its own (PostgreSQL's protocol, "Canceling Requests in Progress"), which a pooler
 * passes on as well; a setting of the session's, it might refuse or lend to others. The embedded
 * engine, on a Unix socket, has one session and nothing to cancel.
 */
export function cancelStatement(client: Client): void {
  const { processID, secretKey } = client as unknown as Session;
  if (client.host.startsWith('/') || processID === null || secretKey === null) return;
  const request = Buffer.alloc(16);
  request.writeInt32BE(request.length, 0);
  request.writeInt32BE(CANCEL_REQUEST_CODE, 4);
  request.writeInt32BE(processID, 8);
  request.writeInt32BE(secretKey, 12);
  const socket = connect(client.port, client.host);
  socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  socket.on('error', () => {});
  socket.unref().end(request);
}
