export type { Counter } from './metrics/counter.js';
export type { ExpositionFormat } from './metrics/exposition.js';
export type { Reading } from './metrics/figure.js';
export { Metrics } from './metrics/metrics.js';
export { QUEUE_WAITING } from './metrics/queues.js';
export { ObservabilityModule } from './observability.module.js';
export {
  formatTraceparent,
  parseTraceparent,
  traceIds,
  traceOf,
  type TraceContext,
} from './tracing/trace-context.js';
export { Tracing, type OpenSpan, type RequestSpan, type SpanAttributes } from './tracing/tracing.js';
