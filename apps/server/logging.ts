import { randomUUID } from 'node:crypto';
import type { LoggerService } from '@nestjs/common';
import { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { formatTraceparent, parseTraceparent, traceIds, traceOf } from '#observability';
import type { HttpFigures } from './http-figures.js';

/** Fastify's own pino: JSON lines, one a request, without queries, headers and bodies. */
export function loggerOptions(level: string) {
  return {
    logger: { level, base: undefined, timestamp: () => `,"time":"${new Date().toISOString()}"` },
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: () => randomUUID(),
    // One for each request would cost more than all that it says: the request's id.
    childLoggerFactory: (logger: FastifyBaseLogger) => logger,
  };
}

/** Log levels that show each request. */
const WITH_REQUESTS = ['info', 'debug', 'trace'];

/**
 * Logs each answer by what it was, counts it, and names the request in its headers: by its own id, and to
 * who is in a trace by its place in that (`traceresponse`, of the draft of Trace Context Level 3).
 */
export function observeRequests(server: FastifyInstance, figures: HttpFigures): void {
  const logged = WITH_REQUESTS.includes(server.log.level);
  server.decorateReply('errorCode', undefined);
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    if (request.headers.traceparent !== undefined && parseTraceparent(request.headers.traceparent))
      void reply.header('traceresponse', formatTraceparent(traceOf(request)));
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { method, ip } = request;
    figures.observe(request.routeOptions?.url, request, reply);
    if (logged) {
      const path = request.url.split('?', 1)[0];
      const duration_ms = Math.round(reply.elapsedTime * 10) / 10;
      const { statusCode: status, errorCode: code } = reply;
      const ids = { request_id: request.id, ...traceIds(request) };
      request.log.info({ ...ids, method, path, status, code, duration_ms, ip }, 'request');
    }
    done();
  });
}

/** Nest's logger on the same lines. */
export class NestLogger implements LoggerService {
  constructor(private readonly pino: FastifyBaseLogger) {}

  /** Nest tells of every route and module at start, in words; that is for debugging. What we have to say has fields. */
  log(message: unknown, ...rest: unknown[]): void {
    this.write(typeof message === 'object' ? 'info' : 'debug', message, ...rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, ...rest);
  }

  warn(message: unknown, context?: string): void {
    this.write('warn', message, context);
  }

  private write(level: 'debug' | 'info' | 'warn' | 'error', message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (message instanceof Error) this.pino[level]({ stack: message.stack }, message.message);
    else if (typeof message === 'object' && message !== null)
      this.pino[level]({ ...message, context }, String(rest[0] ?? ''));
    else this.pino[level]({ context, ...(rest.length > 1 ? { stack: rest[0] } : {}) }, String(message));
  }
}
