import { Readable } from 'node:stream';
import {
  Injectable,
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { mergeMap, type Observable } from 'rxjs';
import { matchesNone, Tagged } from './etag.js';
import { Page, RowStream } from './lists/page.js';
import { HtmlPage, SeeOther } from './pages/page.js';
import { varyBy } from './server/vary.js';

/** Puts pages, row streams, tagged bodies and redirects on the wire: `Link`, `Content-Type`, `ETag`, 304, 303. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(mergeMap((answer: unknown) => bodyOf(answer, request, reply)));
  }
}

async function bodyOf(answer: unknown, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  if (answer instanceof Page) {
    varyBy(reply, 'accept');
    void reply.header('link', answer.link());
    return answer.body();
  }
  if (answer instanceof RowStream) {
    varyBy(reply, 'accept');
    // Nothing is fetched for who asks for the head alone.
    const stream = request.method === 'HEAD' ? Readable.from([]) : await answer.open();
    return new StreamableFile(stream, { type: answer.contentType, disposition: answer.disposition });
  }
  if (answer instanceof Tagged) return taggedBody(answer, request, reply);
  if (answer instanceof HtmlPage) {
    void reply.status(answer.status).headers(answer.headers());
    return answer.body();
  }
  if (answer instanceof SeeOther) {
    void reply
      .status(303)
      .headers({ location: answer.location, 'cache-control': 'no-store', pragma: 'no-cache' });
    return undefined;
  }
  return answer;
}

function taggedBody(tagged: Tagged<unknown>, request: FastifyRequest, reply: FastifyReply): unknown {
  void reply.header('etag', tagged.etag);
  if (request.method !== 'GET' && request.method !== 'HEAD') return tagged.body;
  if (matchesNone(request.headers['if-none-match'], tagged.etag)) return tagged.body;
  void reply.status(304);
  return undefined;
}
