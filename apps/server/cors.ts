import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** What a script may read of an answer, beyond what every answer shows. */
const EXPOSED = [
  'content-disposition',
  'dpop-nonce',
  'etag',
  'link',
  'location',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'www-authenticate',
  'x-request-id',
];
/** The same for everybody, and no secret: every origin may read them. */
const OPEN = ['/.well-known/oauth-authorization-server', '/oauth2/jwks'];
/** What a person opens himself, and no script calls for him (RFC 9700 §2.6). */
const PAGES = [
  ...['authorize', 'sign-in', 'sign-out', 'consent', 'consents'].map((page) => `/oauth2/${page}`),
  '/osoc/api/oauthcontroller/authorize',
];

/**
 * Browsers on these origins may call all but the pages; metadata and keys may be read from any. An
 * OPTIONS that is no preflight is a verb like any other: 405. Register it before the routes.
 */
export function allowOrigins(app: NestFastifyApplication, origins: string[]): void {
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    if (isOpen(request.url)) void reply.header('access-control-allow-origin', '*');
    done();
  });
  if (origins.length === 0) return;
  const options = { methods: METHODS, exposedHeaders: EXPOSED };
  app.enableCors({
    delegator: ({ headers, url }: { headers: object; url: string }, callback) =>
      callback(null, {
        ...options,
        origin: allowedAt(url, origins),
        preflight: 'origin' in headers && 'access-control-request-method' in headers,
      }),
  });
}

function allowedAt(url: string, origins: string[]): string | string[] | false {
  if (isOpen(url)) return '*';
  return PAGES.includes(pathOf(url)) ? false : origins;
}

function isOpen(url: string): boolean {
  return OPEN.includes(pathOf(url));
}

function pathOf(url: string): string {
  return url.split('?', 1)[0]!;
}
