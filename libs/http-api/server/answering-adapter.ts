import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { matchesNone, Tagged } from '../etag.js';
import { Page, RowStream } from '../lists/page.js';
import { HtmlPage, SeeOther } from '../pages/page.js';
import { varyBy } from './vary.js';

/**
 * Puts pages, row streams, tagged bodies and redirects on the wire: `Link`, `Content-Type`, `ETag`,
 * 304, 303. In the adapter, as an interceptor would cost every request of every route an observable.
 */
export class AnsweringAdapter extends FastifyAdapter {
  override reply(reply: FastifyReply, answer: unknown, status?: number): FastifyReply {
    if (typeof answer !== 'object' || answer === null) return super.reply(reply, answer, status);
    if (status !== undefined) void reply.status(status);
    if (answer instanceof Tagged) return super.reply(reply, taggedBody(answer, reply));
    if (answer instanceof Page) {
      varyBy(reply, 'accept');
      return super.reply(reply.header('link', answer.link()), answer.body());
    }
    // Nest awaits it, whatever its type says.
    if (answer instanceof RowStream) return this.replyRows(reply, answer) as unknown as FastifyReply;
    if (answer instanceof HtmlPage)
      return super.reply(reply.status(answer.status).headers(answer.headers()), answer.body());
    if (answer instanceof SeeOther) {
      const headers = { location: answer.location, 'cache-control': 'no-store', pragma: 'no-cache' };
      return super.reply(reply.status(303).headers(headers), undefined);
    }
    return super.reply(reply, answer);
  }

  private async replyRows(reply: FastifyReply, rows: RowStream): Promise<FastifyReply> {
    varyBy(reply, 'accept');
    // Nothing is fetched for who asks for the head alone.
    const stream = reply.request.method === 'HEAD' ? Readable.from([]) : await rows.open();
    const file = new StreamableFile(stream, { type: rows.contentType, disposition: rows.disposition });
    return super.reply(reply, file);
  }
}

function taggedBody({ body, text, etag }: Tagged<unknown>, reply: FastifyReply): unknown {
  const { method, headers } = reply.request;
  void reply.header('etag', etag);
  if ((method === 'GET' || method === 'HEAD') && !matchesNone(headers['if-none-match'], etag)) {
    void reply.status(304);
    return undefined;
  }
  if (text === undefined) return body;
  if (!reply.hasHeader('content-type')) void reply.header('content-type', 'application/json; charset=utf-8');
  return text;
}
