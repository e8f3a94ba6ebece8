import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import {
  ATTR_DB_RESPONSE_STATUS_CODE,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_SERVICE_NAME,
  ATTR_URL_PATH,
  ATTR_URL_SCHEME,
} from '@opentelemetry/semantic-conventions';
import type { FastifyRequest } from 'fastify';
import type { Counter } from '../metrics/counter.js';
import { parseTraceparent, type TraceContext } from './trace-context.js';
import type { OpenSpan, Recorder, RequestSpan, SpanAttributes } from './tracing.js';

/** How long a stopping server waits for the collector. */
const FLUSH_MS = 2_000;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']);

/**
 * Spans to an OpenTelemetry collector, by OTLP over HTTP in JSON. Loaded where there is one, and kept to
 * itself: the library's globals stay as they are, so that several servers in a process do not mix. The
 * library reads the other OTEL_ variables: sampler, resource, headers, batch sizes. What cannot be sent
 * is dropped and counted; nothing waits for it.
 */
export class OpenTelemetryRecorder implements Recorder {
  private readonly provider: NodeTracerProvider;
  private readonly tracer: Tracer;
  private readonly underWay = new AsyncLocalStorage<Context>();

  /** @param endpoint the collector's base, without `/v1/traces` */
  constructor(endpoint: string, batches: Counter) {
    const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
    this.provider = new NodeTracerProvider({
      resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: 'postern' }).merge(
        detectResources({ detectors: [serviceInstanceIdDetector, envDetector] }),
      ),
      spanProcessors: [new BatchSpanProcessor(counted(new OTLPTraceExporter({ url }), batches))],
    });
    this.tracer = this.provider.getTracer('postern');
  }

  request(request: FastifyRequest): RequestSpan {
    const route = request.routeOptions?.url;
    const method = METHODS.has(request.method) ? request.method : '_OTHER';
    const attributes: Attributes = {
      [ATTR_HTTP_REQUEST_METHOD]: method,
      [ATTR_URL_PATH]: request.url.split('?', 1)[0],
      [ATTR_URL_SCHEME]: request.protocol,
      [ATTR_HTTP_ROUTE]: route,
    };
    const name = route === undefined ? method : `${method} ${route}`;
    const parent = callersContext(request.headers.traceparent);
    const span = this.tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
    const context = trace.setSpan(parent, span);
    return {
      trace: contextOf(span),
      run: (work) => this.underWay.run(context, work),
      end: ({ statusCode, errorCode, finished }) => {
        span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, statusCode);
        if (!finished) fail(span, 'aborted');
        else if (statusCode >= 500) fail(span, errorCode ?? String(statusCode));
        span.end();
      },
    };
  }

  begin(name: string, attributes: SpanAttributes): OpenSpan | undefined {
    const request = this.underWay.getStore();
    if (!request) return undefined;
    const span = this.tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, request);
    return {
      end: (error) => {
        if (error !== undefined) {
          const { code } = (error ?? {}) as { code?: unknown };
          fail(span, typeof code === 'string' ? code : 'error');
          if (typeof code === 'string') span.setAttribute(ATTR_DB_RESPONSE_STATUS_CODE, code);
        }
        span.end();
      },
    };
  }

  async close(): Promise<void> {
    const sent = this.provider.shutdown().catch(() => {});
    await Promise.race([sent, pause(FLUSH_MS, undefined, { ref: false })]);
  }
}

function callersContext(traceparent: string | string[] | undefined): Context {
  const caller = parseTraceparent(traceparent);
  if (!caller) return ROOT_CONTEXT;
  const { traceId, spanId, flags: traceFlags } = caller;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function contextOf(span: Span): TraceContext {
  const { traceId, spanId, traceFlags: flags } = span.spanContext();
  return { traceId, spanId, flags };
}

function fail(span: Span, type: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute(ATTR_ERROR_TYPE, type);
}

function counted(exporter: SpanExporter, batches: Counter): SpanExporter {
  return {
    export: (batch, done) =>
      exporter.export(batch, (result) => {
        batches.add(result.code === 0 ? 'sent' : 'lost');
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
