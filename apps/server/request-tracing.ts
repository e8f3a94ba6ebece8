import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RequestSpan, Tracing } from '#observability';

/**
 * Records each request as a span, whatever becomes of it. Where nothing is recorded no hook is added.
 * Register it before all that is to be part of it.
 */
export function traceRequests(server: FastifyInstance, { recorder }: Tracing): void {
  if (!recorder) return;
  const spans = new WeakMap<FastifyRequest, RequestSpan>();
  server.addHook('onRequest', (request, reply, done) => {
    const span = recorder.request(request);
    spans.set(request, span);
    request.trace = span.trace;
    reply.raw.once('close', () => {
      const { statusCode, writableFinished: finished } = reply.raw;
      span.end({ statusCode, errorCode: reply.errorCode, finished });
    });
    span.run(done);
  });
  // A body that was read in between came from the socket, whose context is another.
  server.addHook('preValidation', (request, _reply, done) => spans.get(request)!.run(done));
}
