import { hash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from './errors/problem.js';

/** What several callers are shown at once is written once. */
const byContent = new WeakMap<object, Tagged<unknown>>();

/** A body together with the entity tag of what it shows (RFC 9110 §8.8.3). */
export class Tagged<Body> {
  constructor(
    readonly body: Body,
    readonly etag: string,
    /** The body as JSON, where it had to be written for the tag. */
    readonly text?: string,
  ) {}

  /**
   * Tags a representation with the digest of itself. The tag is weak (RFC 9110 §8.8.1), so that it
   * holds for every content coding of it.
   */
  static byContent<Body extends object>(body: Body): Tagged<Body> {
    const known = byContent.get(body) as Tagged<Body> | undefined;
    if (known) return known;
    const text = JSON.stringify(body);
    const tagged = new Tagged(body, `W/"${hash('sha256', text, 'base64url').slice(0, 27)}"`, text);
    byContent.set(body, tagged);
    return tagged;
  }
}

/** The `If-Match` header, or undefined. */
export const IfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | undefined =>
    context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'],
);

/** RFC 9110 §13.1.1: strong comparison. @throws Problem 412 where the caller's copy is stale */
export function requireMatch(ifMatch: string | undefined, etag: string): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  if (!tags(ifMatch).includes(etag)) throw Problem.preconditionFailed();
}

/** RFC 9110 §13.1.2: weak comparison. */
export function matchesNone(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return true;
  if (ifNoneMatch.trim() === '*') return false;
  return !tags(ifNoneMatch).some((tag) => tag.replace(/^W\//, '') === etag.replace(/^W\//, ''));
}

function tags(header: string): string[] {
  return header.match(/(?:W\/)?"[^"]*"/g) ?? [];
}
