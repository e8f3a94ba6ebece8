import type { FastifyInstance, FastifyRequest } from 'fastify';

const PREFIX = '/pam/apps/';

/**
 * That system's scripts send their token as `Authorize`; at its routes it is an Authorization header
 * like any other, of which the guard takes one alone. Register it before the routes.
 */
export function readAuthorizeHeader(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    if (!route.url.startsWith(PREFIX)) return;
    route.onRequest = [route.onRequest ?? []].flat().concat((request, _reply, done) => {
      renameAuthorize(request);
      done();
    });
  });
}

function renameAuthorize({ raw }: FastifyRequest): void {
  const { authorize = [] } = raw.headersDistinct;
  for (const value of authorize) raw.rawHeaders.push('authorization', value);
  if (authorize[0] !== undefined) raw.headers.authorization ??= authorize[0];
}
