import '@fastify/cookie';
import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicUrl } from '#configuration';

const BROWSER = 'postern_browser';
const BROWSER_SECRET = /^[A-Za-z0-9_-]{43}$/;

/**
 * The cookies of our own pages: out of reach of scripts, not sent along from other sites but by a
 * link, and behind TLS held to it and to this host (`__Host-`, RFC 6265bis §4.1.3.2).
 */
@Injectable()
export class PageCookies {
  constructor(private readonly publicUrl: PublicUrl) {}

  read(request: FastifyRequest, name: string): string | undefined {
    return request.cookies[this.nameOf(name)];
  }

  /** Until the browser closes, or is told otherwise. */
  write(reply: FastifyReply, name: string, value: string): void {
    void reply.setCookie(this.nameOf(name), value, this.attributes());
  }

  clear(reply: FastifyReply, name: string): void {
    void reply.clearCookie(this.nameOf(name), this.attributes());
  }

  /** A secret that this browser keeps from its first page on, whoever signs in; made where there is none. */
  browser(request: FastifyRequest, reply: FastifyReply): string {
    const known = this.read(request, BROWSER);
    if (known !== undefined && BROWSER_SECRET.test(known)) return known;
    const secret = randomBytes(32).toString('base64url');
    this.write(reply, BROWSER, secret);
    return secret;
  }

  private attributes() {
    return { path: '/', httpOnly: true, sameSite: 'lax', secure: this.publicUrl.secure } as const;
  }

  private nameOf(name: string): string {
    return this.publicUrl.secure ? `__Host-${name}` : name;
  }
}
