import type { FastifyInstance } from 'fastify';
import { Problem } from '../errors/problem.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

/** Notes which verbs each path serves. Call before the routes are declared. */
export function collectRoutes(server: FastifyInstance): Map<string, Set<string>> {
  const served = new Map<string, Set<string>>();
  server.addHook('onRoute', ({ url, method }) => {
    const methods = served.get(url) ?? new Set<string>();
    for (const one of [method].flat()) methods.add(one.toUpperCase());
    served.set(url, methods);
  });
  return served;
}

/**
 * Another verb on a known path is 405 with `Allow` (RFC 9110 §15.5.6), where the router alone
 * would say 404. Call after the routes are declared.
 */
export function answerMethodNotAllowed(server: FastifyInstance, served: Map<string, Set<string>>): void {
  for (const [url, methods] of served) {
    if (url.includes('*')) continue;
    if (methods.has('GET')) methods.add('HEAD');
    const missing = METHODS.filter((method) => !methods.has(method));
    const allow = METHODS.filter((method) => methods.has(method)).join(', ');
    if (missing.length === 0) continue;
    server.route({
      method: missing,
      url,
      // Before the body is read: what was sent with the wrong verb does not matter.
      onRequest: (_request, _reply, done) =>
        done(new Problem(405, 'method_not_allowed', `This path takes ${allow}.`, { headers: { allow } })),
      handler: () => undefined,
    });
  }
}
