import {
  Injectable,
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { matchesNone, Tagged } from './etag.js';
import { Page, RowStream } from './lists/page.js';

const NDJSON = 'application/x-ndjson; charset=utf-8';

/** Puts pages, row streams and tagged bodies on the wire: `Link`, `Content-Type`, `ETag`, 304. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(
      map((answer: unknown) => {
        if (answer instanceof Page) {
          void reply.header('link', answer.link());
          return answer.body();
        }
        if (answer instanceof RowStream) {
          if (request.method === 'HEAD') {
            void reply.type(NDJSON);
            return undefined;
          }
          return new StreamableFile(answer.stream(), { type: NDJSON });
        }
        if (answer instanceof Tagged) {
          void reply.header('etag', answer.etag);
          if (request.method !== 'GET' && request.method !== 'HEAD') return answer.body;
          if (matchesNone(request.headers['if-none-match'], answer.etag)) return answer.body;
          void reply.status(304);
          return undefined;
        }
        return answer;
      }),
    );
  }
}
