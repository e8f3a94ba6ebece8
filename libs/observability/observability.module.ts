import { Global, Module } from '@nestjs/common';
import { Configuration } from '#configuration';
import { Metrics } from './metrics/metrics.js';
import { Tracing } from './tracing/tracing.js';

const TRACE_BATCHES = {
  name: 'postern_trace_batches_total',
  help: 'Batches of spans: sent to the collector, or lost.',
  labels: ['outcome'],
};

/** What the rest tells of itself. It knows none of them. */
@Global()
@Module({
  providers: [
    Metrics,
    {
      provide: Tracing,
      useFactory: async ({ otlpEndpoint }: Configuration, metrics: Metrics) => {
        const batches = metrics.counter(TRACE_BATCHES);
        if (otlpEndpoint === undefined) return new Tracing();
        const { OpenTelemetryRecorder } = await import('./tracing/open-telemetry.js');
        return new Tracing(new OpenTelemetryRecorder(otlpEndpoint, batches));
      },
      inject: [Configuration, Metrics],
    },
  ],
  exports: [Metrics, Tracing],
})
export class ObservabilityModule {}
