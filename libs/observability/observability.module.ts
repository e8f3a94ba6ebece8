import { Global, Module } from '@nestjs/common';
import { Metrics } from './metrics/metrics.js';

/** What the rest tells of itself. It knows none of them. */
@Global()
@Module({ providers: [Metrics], exports: [Metrics] })
export class ObservabilityModule {}
