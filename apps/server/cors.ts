import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** What a script may read of an answer, beyond what every answer shows. */
const EXPOSED = [
  'content-disposition',
  'etag',
  'link',
  'location',
  'retry-after',
  'www-authenticate',
  'x-request-id',
];

/** Browsers on these origins may call. An OPTIONS that is no preflight is a verb like any other: 405. */
export function allowOrigins(app: NestFastifyApplication, origins: string[]): void {
  if (origins.length === 0) return;
  const options = { origin: origins, methods: METHODS, exposedHeaders: EXPOSED };
  app.enableCors({
    delegator: ({ headers }, callback) =>
      callback(null, {
        ...options,
        preflight: headers.origin !== undefined && 'access-control-request-method' in headers,
      }),
  });
}
