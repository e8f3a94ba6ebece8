import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '#http-api';

/** What `npm run build` makes of apps/console. */
const BUILT = join(import.meta.dirname, '../../../dist-console');
/** As Vite names what it builds: no folder, no dot before the name. */
const ASSET = /^[\w-]+(\.[\w-]+)+$/;
const KEPT = { assets: 'public, max-age=31536000, immutable', rest: 'public, max-age=86400' };

const PAGE_HEADERS = {
  'cache-control': 'no-cache',
  // Tighter than that of other answers: no form leaves the page, as it does all by its script.
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
};
const NOT_BUILT =
  'The console has not been built. Run `npm run build:console`, and start Postern again. Everything else works.\n';

/**
 * The web console at /console: its files have their content's hash in their names and are kept for a
 * year; the page itself is asked for anew each time, and answers every other address under /console, as
 * the console finds its own pages. Register it before the routes.
 * @param folder the built console, where it is not that of the build
 */
export async function serveConsole(app: NestFastifyApplication, folder = BUILT): Promise<void> {
  const server = app.getHttpAdapter().getInstance();
  server.route({
    method: ['POST', 'PUT', 'PATCH', 'DELETE'],
    url: '/console/*',
    onRequest,
    handler: () => undefined,
  });
  if (!existsSync(join(folder, 'index.html'))) {
    server.log.warn(NOT_BUILT.trim());
    for (const url of ['/console', '/console/*']) server.get(url, notBuilt);
    return;
  }
  const assets = join(folder, 'assets') + sep;
  await app.register(fastifyStatic, {
    root: folder,
    serve: false,
    index: false,
    cacheControl: false,
    // A part of a file that is compressed on its way is no part of anything.
    acceptRanges: false,
    // For what is there alone: that something is missing is not to be remembered.
    setHeaders: (response, path) => {
      if (!path.endsWith('.html'))
        response.setHeader('cache-control', path.startsWith(assets) ? KEPT.assets : KEPT.rest);
    },
  });
  for (const url of ['/console', '/console/*']) server.get(url, page);
  server.get('/console/favicon.svg', (_request, reply) => reply.sendFile('favicon.svg'));
  server.get('/console/assets/*', asset);
}

/** Without validators: a size and a time say too little, where a build sets all times alike. */
function page(_request: FastifyRequest, reply: FastifyReply) {
  return reply.headers(PAGE_HEADERS).sendFile('index.html', { etag: false, lastModified: false });
}

function asset(request: FastifyRequest, reply: FastifyReply) {
  const { '*': name } = request.params as { '*': string };
  return ASSET.test(name) ? reply.sendFile(`assets/${name}`) : reply.callNotFound();
}

function notBuilt(_request: FastifyRequest, reply: FastifyReply) {
  return reply
    .status(503)
    .type('text/plain; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(NOT_BUILT);
}

/** Of a wildcard, nobody else says which verbs it takes. */
function onRequest(_request: unknown, _reply: unknown, done: (error: Error) => void) {
  const allow = 'GET, HEAD';
  done(new Problem(405, 'method_not_allowed', `This path takes ${allow}.`, { headers: { allow } }));
}
