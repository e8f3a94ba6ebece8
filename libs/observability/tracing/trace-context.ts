import type { FastifyRequest } from 'fastify';

/** Where a request stands in a trace (W3C Trace Context §2). */
export interface TraceContext {
  traceId: string;
  /** Of what Postern does for it. */
  spanId: string;
  /** Bit 0: recorded; bit 1: the trace's id is random (Level 2). */
  flags: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Once it was asked for, or recorded. */
    trace?: TraceContext;
  }
}

const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const RANDOM = 2;

/**
 * W3C Trace Context §3.2: what does not follow it to the letter is ignored, and the trace begins here.
 * A version that is yet to come is read by its first four fields.
 * @returns the caller's span
 */
export function parseTraceparent(header: string | string[] | undefined): TraceContext | undefined {
  if (typeof header !== 'string') return undefined;
  const [, version, traceId, spanId, flags, rest] = TRACEPARENT.exec(header) ?? [];
  if (!version || version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId!) || /^0+$/.test(spanId!)) return undefined;
  return { traceId: traceId!, spanId: spanId!, flags: Number.parseInt(flags!, 16) };
}

export function formatTraceparent({ traceId, spanId, flags }: TraceContext): string {
  return `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`;
}

/**
 * The request's place in its trace. Where nothing is recorded its ids are those of the caller's trace and
 * of the request itself, which is random: nothing has to be made for it.
 */
export function traceOf(request: FastifyRequest): TraceContext {
  return (request.trace ??= unrecorded(request));
}

function unrecorded({ id, headers }: FastifyRequest): TraceContext {
  const own = id.replaceAll('-', '');
  const caller = parseTraceparent(headers.traceparent);
  return {
    traceId: caller?.traceId ?? own,
    spanId: own.slice(0, 16),
    flags: caller ? caller.flags & RANDOM : RANDOM,
  };
}

/** As log lines name them. */
export function traceIds(request: FastifyRequest): { trace_id: string; span_id: string } {
  const { traceId, spanId } = traceOf(request);
  return { trace_id: traceId, span_id: spanId };
}
