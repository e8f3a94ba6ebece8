import type { FastifyInstance } from 'fastify';

const PREFIX = '/pam/apps/';

/**
 * That system's scripts send their token as `Authorize`; at its routes it is an Authorization header
 * like any other, of which the guard takes one alone.
 */
export function readAuthorizeHeader(server: FastifyInstance): void {
  server.addHook('onRequest', ({ raw, routeOptions }, _reply, done) => {
    const { authorize, authorization = [] } = raw.headersDistinct;
    if (authorize && routeOptions.url?.startsWith(PREFIX)) {
      raw.headersDistinct.authorization = [...authorization, ...authorize];
      raw.headers.authorization ??= authorize[0];
    }
    done();
  });
}
