import { Catch, Inject, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { traceIds } from '#observability';
import { ERROR_FORMS } from '../tokens.js';
import { problemForm, type ErrorForm } from './error-form.js';
import { problemOf } from './problem-of.js';

declare module 'fastify' {
  interface FastifyReply {
    /** What programs branch on, where the answer is an error. */
    errorCode?: string;
  }
}

/** The one place that turns what was thrown into an answer, in the form of the endpoint's family. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Errors');
  private readonly forms: ErrorForm[];

  constructor(@Inject(ERROR_FORMS) forms: ErrorForm[]) {
    this.forms = [...forms, problemForm].sort((a, b) => b.prefix.length - a.prefix.length);
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.send(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  send(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = problemOf(error);
    // 503 while too much waits has no cause, and comes a thousand times a second where somebody guesses.
    if (problem.status === 500 || (problem.status > 500 && problem.cause !== undefined)) {
      this.logger.error(
        { request_id: request.id, ...traceIds(request), cause: describe(problem.cause) },
        problem.detail,
      );
    }
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    reply.errorCode = problem.code;
    // The route that was found, however its path was spelled; `*` and `http://host/…` are request targets too.
    const path = request.routeOptions?.url ?? request.url;
    const form = this.forms.find(({ prefix }) => path.startsWith(prefix)) ?? problemForm;
    const { status, headers, body } = form.render(problem, request.id);
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    void reply.status(status).headers(headers).send(payload);
  }
}

/** An unexpected error's message and stack; database errors lose their parameters and row values. */
function describe(cause: unknown): unknown {
  if (!(cause instanceof Error)) return typeof cause;
  const { code } = cause as { code?: string };
  return { name: cause.name, code, message: cause.message, stack: cause.stack };
}
