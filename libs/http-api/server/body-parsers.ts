import type { FastifyInstance } from 'fastify';
import { Problem } from '../errors/problem.js';
import { textFault } from '../text.js';
import { FormParameters } from './form-parameters.js';

const MAX_DEPTH = 32;
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads request bodies strictly: invalid UTF-8, NUL characters and `__proto__` are refused here,
 * once, before any handler sees them. NDJSON and CSV stay streams for whoever imports them.
 */
export function registerBodyParsers(server: FastifyInstance): void {
  // `__proto__` is refused below, by name.
  const parseJson = server.getDefaultJsonParser('ignore', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<Buffer>(
    /^application\/([a-z0-9.!#$&^_-]+\+)?json(;|$)/,
    { parseAs: 'buffer' },
    (request, body, done) => {
      // Scripts that say of every request that it is JSON delete by it, too.
      if (body.length === 0 && request.method === 'DELETE') return done(null, undefined);
      try {
        // What its callback throws, Fastify's parser takes for bad JSON.
        let parsed: { error: Error | null; value?: unknown } = { error: null };
        parseJson(request, decodeUtf8(body), (error, value) => (parsed = { error, value }));
        if (!parsed.error) refuseBadText(parsed.value, '');
        done(parsed.error, parsed.value);
      } catch (error) {
        done(error as Error);
      }
    },
  );
  server.addContentTypeParser<Buffer>(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    (_request, body, done) => {
      try {
        done(null, FormParameters.parse(decodeUtf8(body)));
      } catch (error) {
        done(error as Error);
      }
    },
  );
  server.addContentTypeParser(['application/x-ndjson', 'text/csv'], (_request, payload, done) =>
    done(null, payload),
  );
  server.addHook('preParsing', (request, _reply, payload, done) => {
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
      done(new Problem(415, 'unsupported_media_type', 'Request bodies are taken without Content-Encoding.'));
    } else done(null, payload);
  });
}

function decodeUtf8(body: Buffer): string {
  try {
    return UTF_8.decode(body);
  } catch {
    throw new Problem(400, 'invalid_request', 'The body is not valid UTF-8.');
  }
}

function refuseBadText(value: unknown, field: string, depth = 0): void {
  if (typeof value === 'string') {
    const fault = textFault(value);
    if (fault) throw Problem.invalidField(field || 'body', fault);
  } else if (typeof value === 'object' && value !== null) {
    if (depth >= MAX_DEPTH)
      throw Problem.invalidField(field.split(/[.[]/, 1)[0] || 'body', 'is nested too deeply');
    const array = Array.isArray(value);
    for (const [key, child] of Object.entries(value)) {
      const path = array ? `${field}[${key}]` : field ? `${field}.${key}` : key;
      if (!array) refuseBadText(key, field || 'body');
      if (key === '__proto__') throw Problem.invalidField(path, 'is not a known field');
      refuseBadText(child, path, depth + 1);
    }
  }
}
