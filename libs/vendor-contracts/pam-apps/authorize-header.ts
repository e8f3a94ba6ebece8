import type { FastifyInstance } from 'fastify';
import { Problem } from '#http-api';

const PREFIX = '/pam/apps/';

/** That system's scripts send their token as `Authorize`; below its paths it is read as `Authorization`. */
export function readAuthorizeHeader(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { authorize } = request.headers;
    if (authorize === undefined || !request.url.startsWith(PREFIX)) return done();
    if (request.headers.authorization !== undefined || Array.isArray(authorize)) {
      return done(new Problem(400, 'invalid_request', 'Authorize and Authorization do not go together.'));
    }
    request.raw.headers.authorization = authorize;
    done();
  });
}
