import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { varyBy } from '#http-api';

/** Bytes below which compressing costs more than it saves. */
const THRESHOLD = 1024;

/**
 * What may be compressed: the read API, the OpenAPI document and the console's files. Never an answer in which a secret
 * or a token stands beside text of the caller's, whose length would give it away (BREACH).
 */
const COMPRESSIBLE = /^\/(pam\/v1|docs|openapi|console)(?=[/.-]|$)/;

/**
 * Compresses large answers, streams included; after each batch of a stream what there is of it is
 * flushed. Register it before the routes. Request bodies are never inflated.
 */
export async function compressAnswers(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRoute', (route) => {
    if (!COMPRESSIBLE.test(route.url)) (route as { compress?: boolean }).compress = false;
  });
  server.addHook('onRequest', (request, reply, done) => {
    // It holds for the answers that stayed as they were, too.
    if (COMPRESSIBLE.test(request.routeOptions.url ?? '')) varyBy(reply, 'accept-encoding');
    done();
  });
  await app.register(compress, {
    globalDecompression: false,
    threshold: THRESHOLD,
    encodings: ['br', 'gzip'],
    customTypes: /^(text\/(?!event-stream)|application\/(json|x-ndjson|problem\+json|javascript|yaml))/,
    brotliOptions: {
      flush: constants.BROTLI_OPERATION_FLUSH,
      params: { [constants.BROTLI_PARAM_QUALITY]: 4 },
    },
    zlibOptions: { flush: constants.Z_SYNC_FLUSH, level: 5 },
  });
}
