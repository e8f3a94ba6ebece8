import { AsyncResource } from 'node:async_hooks';
import { LRUCache } from 'lru-cache';
import type { Pool, PoolClient } from 'pg';
import type { SpanAttributes, Tracing } from '#observability';

/** Statements whose description is remembered, and how much is told of a long one. */
const REMEMBERED = 500;
const MAX_TEXT = 1000;

interface Described {
  name: string;
  attributes: SpanAttributes;
}

type Query = (...input: unknown[]) => unknown;
type Callback = (error: unknown, ...rest: unknown[]) => void;

/**
 * Has every statement of a pool recorded, TypeORM's too, as part of the request that it is for. What is
 * told is the statement without its values. Where nothing is recorded, the pool stays as it is.
 */
export function traceStatements(pool: Pool, tracing: Tracing): void {
  if (!tracing.recorder) return;
  const connect = pool.connect.bind(pool) as (callback?: Callback) => unknown;
  // Who waits for a connection goes on as himself, and not as who gave it back.
  const connectAsCaller = (callback?: Callback) =>
    callback ? connect(AsyncResource.bind(callback)) : connect();
  pool.connect = connectAsCaller as Pool['connect'];
  const traced = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => {
    if (traced.has(client)) return;
    traced.add(client);
    const query = client.query.bind(client) as Query;
    client.query = ((...input: unknown[]) => record(tracing, query, input)) as PoolClient['query'];
  });
}

function record(tracing: Tracing, query: Query, input: unknown[]): unknown {
  const [statement] = input as [string | { text?: string; name?: string; submit?: unknown }];
  // A COPY or a cursor is a conversation of its own.
  if (typeof statement !== 'string' && (statement.submit || !statement.text)) return query(...input);
  const { name, attributes } = describe(typeof statement === 'string' ? statement : statement.text!);
  const prepared = typeof statement === 'string' ? undefined : statement.name;
  const span = tracing.begin(name, prepared ? { ...attributes, 'postern.prepared': prepared } : attributes);
  if (!span) return query(...input);
  const last = input.at(-1);
  if (typeof last === 'function') {
    const callback = last as Callback;
    const ended: Callback = (error, ...rest) => {
      span.end(error ?? undefined);
      callback(error, ...rest);
    };
    return query(...input.slice(0, -1), ended);
  }
  const result = query(...input) as Promise<unknown>;
  result.then(
    () => span.end(),
    (error: unknown) => span.end(error),
  );
  return result;
}

const described = new LRUCache<string, Described>({ max: REMEMBERED });

/** In the terms of OpenTelemetry's conventions for databases. */
function describe(text: string): Described {
  const known = described.get(text);
  if (known) return known;
  const operation = operationOf(text);
  const target = /\b(?:FROM|INTO|UPDATE)\s+"?([a-z_]+)"?/i.exec(text)?.[1];
  const name = target ? `${operation} ${target}` : operation;
  const attributes: SpanAttributes = {
    'db.system.name': 'postgresql',
    'db.operation.name': operation,
    'db.query.summary': name,
    'db.query.text': withoutValues(text),
  };
  if (target) attributes['db.collection.name'] = target;
  const result = { name, attributes };
  described.set(text, result);
  return result;
}

/** What a WITH does is what stands within it. */
function operationOf(text: string): string {
  const first = /[a-z]+/i.exec(text)?.[0].toUpperCase() ?? 'QUERY';
  return first === 'WITH'
    ? (/\b(?:INSERT|UPDATE|DELETE)\b/i.exec(text)?.[0].toUpperCase() ?? 'SELECT')
    : first;
}

/** Values are parameters, and not told; what a statement itself holds of them is taken out, too. */
function withoutValues(text: string): string {
  return text
    .replaceAll(/'(?:[^']|'')*'/g, '?')
    .replaceAll(/(?<![$\w.])\d+(?:\.\d+)?\b/g, '?')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_TEXT);
}
