import { Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import { ClientUsage } from './client-usage.js';
import { ClientUsageController } from './client-usage.controller.js';
import { UsageController } from './usage.controller.js';
import { UsageReader } from './usage-reader.js';

/**
 * Counting stands apart: whoever lets clients in needs it, and it needs nothing of the rest. It is not
 * global: those are shut down in no order, and the counters must be written before the database closes.
 */
@Module({ providers: [ClientUsage], exports: [ClientUsage] })
export class UsageCountersModule {}

@Module({})
export class UsageModule {
  /** @param ports binds UsedClients; `imports` brings the module that serves it */
  static register(imports: ModuleMetadata['imports'], ports: Provider[]): DynamicModule {
    return {
      module: UsageModule,
      imports,
      controllers: [ClientUsageController, UsageController],
      providers: [...ports, UsageReader],
    };
  }
}
