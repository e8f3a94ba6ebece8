import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';

/** What `npm run build` makes of apps/console. */
const FILES = join(import.meta.dirname, '../../../dist-console');
const YEAR = 'public, max-age=31536000, immutable';

/**
 * The web console at /console: its files have their content's hash in their names and are kept for a
 * year; the page itself is asked for anew each time, and answers every address under /console, as the
 * console finds its own pages. Register it before the routes.
 */
export async function serveConsole(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpAdapter().getInstance();
  await app.register(fastifyStatic, { root: FILES, serve: false, index: false, cacheControl: false });
  const page = (_request: unknown, reply: FastifyReply) =>
    reply.header('cache-control', 'no-cache').sendFile('index.html');
  server.get('/console', page);
  server.get('/console/*', page);
  server.get('/console/assets/:file', (request, reply) =>
    reply.header('cache-control', YEAR).sendFile(`assets/${(request.params as { file: string }).file}`),
  );
  server.get('/console/favicon.svg', (_request, reply) =>
    reply.header('cache-control', 'public, max-age=86400').sendFile('favicon.svg'),
  );
}
