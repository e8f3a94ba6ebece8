import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { FormParameters, Problem } from '#http-api';
import { MEDIA_TYPES, type ImportFormat } from './formats/import-format.js';
import type { ImportOptions } from './imports/inventory-importer.js';
import { bodyTooLarge, type BodyLimits } from './imports/spooled-body.js';

const REMEDY = 'An import is sent as application/x-ndjson or text/csv, in UTF-8.';

export interface ImportBody {
  format: ImportFormat;
  stream: Readable;
}

/** @throws Problem 415 for any other content type or charset, 413 for a body that says it is too large */
export function importBody(request: FastifyRequest, { maxBytes }: BodyLimits): ImportBody {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  const format = MEDIA_TYPES[type.trim()];
  if (!format || !(request.body instanceof Readable) || !parameters.every(isUtf8)) {
    throw new Problem(415, 'unsupported_media_type', REMEDY);
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw bodyTooLarge(maxBytes);
  return { format, stream: request.body };
}

function isUtf8(parameter: string): boolean {
  const [name, value = ''] = parameter.split('=');
  return name!.trim() !== 'charset' || ['utf-8', 'utf8'].includes(value.trim().replaceAll('"', ''));
}

/** @throws Problem 415 where a single row does not come as JSON */
export function jsonBody(body: unknown): unknown {
  if (body === undefined || body instanceof Readable || body instanceof FormParameters) {
    throw new Problem(415, 'unsupported_media_type', 'A single row is sent as application/json.');
  }
  return body;
}

export const IMPORT_PARAMETERS = ['mode', 'partial', 'allow_empty'];

/** @throws Problem 400 that names the parameter which is wrong, or does not go with another */
export function importOptions(query: FormParameters): ImportOptions {
  const mode = query.get('mode') ?? 'upsert';
  if (mode !== 'upsert' && mode !== 'replace') {
    throw Problem.invalidField('mode', 'must be one of upsert, replace');
  }
  const partial = flag(query, 'partial');
  const allowEmpty = flag(query, 'allow_empty');
  if (partial && mode === 'replace') {
    throw Problem.invalidField(
      'partial',
      'does not go with mode=replace: a rejected row would count as absent',
    );
  }
  if (allowEmpty && mode === 'upsert')
    throw Problem.invalidField('allow_empty', 'goes with mode=replace alone');
  return { mode, partial, allowEmpty };
}

function flag(query: FormParameters, name: string): boolean {
  const value = query.get(name) ?? 'false';
  if (value !== 'true' && value !== 'false') throw Problem.invalidField(name, 'must be true or false');
  return value === 'true';
}
