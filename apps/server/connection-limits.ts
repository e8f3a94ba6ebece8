import { randomUUID } from 'node:crypto';
import type { ServerOptions as HttpOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, problemForm } from '#http-api';
import { securityHeaders } from './security-headers.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** What a connection may cost us that has not said yet who it is; times in milliseconds. */
export interface ConnectionLimits {
  /** From the first byte, or the last answer's, to the end of the headers. */
  headersMs: number;
  /** From there to the end of a body, other than an import's. */
  bodyMs: number;
  /** The same of an import, which may have 2 GiB. Within it, half a minute of silence ends it. */
  importMs: number;
  /** Without a request; longer than balancers keep theirs, so that none meets a closed one. */
  keepAliveMs: number;
  /** Without a byte either way: whoever does not read his answer. An import is at work meanwhile. */
  silenceMs: number;
  /** How often these are looked at. */
  checkEveryMs: number;
  /** At a time; further ones are closed at once. */
  connections: number;
  /** Bytes of the request line and the headers. `state` alone may have 8 KiB. */
  headerBytes: number;
}

const USUAL: ConnectionLimits = {
  headersMs: 15 * SECOND,
  bodyMs: 30 * SECOND,
  importMs: 6 * 60 * MINUTE,
  keepAliveMs: 75 * SECOND,
  silenceMs: 15 * MINUTE,
  checkEveryMs: 5 * SECOND,
  connections: 10_000,
  headerBytes: 16 * 1024,
};

export const connectionLimits = (changed: Partial<ConnectionLimits> = {}): ConnectionLimits => ({
  ...USUAL,
  ...changed,
});

/** Fastify's and Node's options that hold connections to the limits. */
export function connectionOptions(limits: ConnectionLimits) {
  const http: HttpOptions = {
    headersTimeout: limits.headersMs,
    requestTimeout: limits.importMs,
    connectionsCheckingInterval: limits.checkEveryMs,
    maxHeaderSize: limits.headerBytes,
    // What proxies read otherwise than we do is refused (RFC 9112 §11.2).
    insecureHTTPParser: false,
  };
  return {
    http,
    requestTimeout: limits.importMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: limits.silenceMs,
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => refuse(socket, faultOf(error)),
  };
}

/** The number of connections, and the time that a body takes: Node knows one for all. */
export function limitConnections(server: FastifyInstance, limits: ConnectionLimits): void {
  server.server.maxConnections = limits.connections;
  const timed = ({ raw }: FastifyRequest, reply: FastifyReply) => {
    const late = setTimeout(() => giveUp(raw, reply), limits.bodyMs).unref();
    raw.once('close', () => clearTimeout(late)).once('end', () => clearTimeout(late));
  };
  server.addHook('preParsing', (request, reply, payload, done) => {
    const { headers } = request;
    const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
    if (hasBody && !isImport(headers['content-type'])) timed(request, reply);
    done(null, payload);
  });
  // Whoever has his answer may go on for as long again, an import too.
  server.addHook('onResponse', (request, reply, done) => {
    if (!request.raw.complete && !request.raw.destroyed) timed(request, reply);
    done();
  });
}

function giveUp(raw: FastifyRequest['raw'], reply: FastifyReply): void {
  if (raw.complete) return;
  if (reply.raw.headersSent) raw.socket.destroy();
  else refuse(raw.socket, new Problem(408, 'request_timeout', 'The body did not arrive in time.'));
}

/** Streamed to the disk, and timed by whoever does that. */
function isImport(contentType = ''): boolean {
  return /^\s*(application\/x-ndjson|text\/csv)\b/i.test(contentType);
}

function faultOf({ code }: NodeJS.ErrnoException): Problem {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem(408, 'request_timeout', 'The request did not arrive in time.');
    case 'HPE_HEADER_OVERFLOW':
      return new Problem(431, 'headers_too_large', 'The request line and the headers are too long.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new Problem(413, 'payload_too_large', 'The chunk extensions are too long.');
    default:
      return new Problem(400, 'invalid_request', 'This is no HTTP request that can be read.');
  }
}

/** Answers where there is no request yet, and ends the connection. What was sent is in no answer and no log. */
function refuse(socket: Socket, problem: Problem): void {
  if (socket.writable) {
    const requestId = randomUUID();
    const { status, headers, body } = problemForm.render(problem, requestId);
    const text = JSON.stringify(body);
    const all = {
      ...securityHeaders(),
      ...headers,
      'x-request-id': requestId,
      'content-length': Buffer.byteLength(text),
      connection: 'close',
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    const title = (body as { title: string }).title;
    socket.write(`HTTP/1.1 ${status} ${title}\r\n${lines.join('')}\r\n${text}`);
  }
  socket.destroySoon();
}
