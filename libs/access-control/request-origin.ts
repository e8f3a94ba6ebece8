import type { FastifyRequest } from 'fastify';

/** Where a request came from. The path goes without its query, which may hold anything. */
export interface RequestOrigin {
  ip: string | null;
  user_agent: string | null;
  request_id: string | null;
  method: string | null;
  path: string | null;
}

/** What Postern does of itself comes from no request. */
export const NO_REQUEST: RequestOrigin = {
  ip: null,
  user_agent: null,
  request_id: null,
  method: null,
  path: null,
};

const MAX_LENGTH = 512;

const ORIGIN = Symbol('origin');

/** Made once for a request, however many ask. */
export function requestOrigin(request: FastifyRequest & { [ORIGIN]?: RequestOrigin }): RequestOrigin {
  return (request[ORIGIN] ??= originOf(request));
}

function originOf(request: FastifyRequest): RequestOrigin {
  return {
    ip: plainAddress(request.ip),
    user_agent: request.headers['user-agent']?.slice(0, MAX_LENGTH) ?? null,
    request_id: request.id,
    method: request.method,
    path: request.url.split('?', 1)[0]!.slice(0, MAX_LENGTH),
  };
}

/** A socket that listens on `::` gives IPv4 addresses as `::ffff:10.0.0.1`. */
function plainAddress(ip: string): string {
  return ip.startsWith('::ffff:') && ip.includes('.') ? ip.slice('::ffff:'.length) : ip;
}
