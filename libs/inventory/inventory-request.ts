import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { FormParameters, Problem } from '#http-api';
import { bodyTooLarge, type BodyLimits } from './imports/spooled-body.js';

export const BODY_LIMITS: BodyLimits = { maxBytes: 2 * 1024 ** 3, maxSilence: 30_000 };

/** @throws Problem 415 for any other content type, 413 for a body that says it is too large */
export function ndjsonBody(request: FastifyRequest): Readable {
  const type = request.headers['content-type']?.split(';', 1)[0]!.trim().toLowerCase();
  if (type !== 'application/x-ndjson' || !(request.body instanceof Readable)) {
    throw new Problem(415, 'unsupported_media_type', 'An import is sent as application/x-ndjson.');
  }
  if (Number(request.headers['content-length'] ?? 0) > BODY_LIMITS.maxBytes) {
    throw bodyTooLarge(BODY_LIMITS.maxBytes);
  }
  return request.body;
}

/** @throws Problem 415 where a single row does not come as JSON */
export function jsonBody(body: unknown): unknown {
  if (body === undefined || body instanceof Readable || body instanceof FormParameters) {
    throw new Problem(415, 'unsupported_media_type', 'A single row is sent as application/json.');
  }
  return body;
}

export function partialOf(query: FormParameters): boolean {
  const partial = query.get('partial') ?? 'false';
  if (partial !== 'true' && partial !== 'false') {
    throw Problem.invalidField('partial', 'must be true or false');
  }
  return partial === 'true';
}
