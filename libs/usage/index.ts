export { ClientUsage } from './client-usage.js';
export { UsageCountersModule, UsageModule } from './usage.module.js';
export { UsedClients } from './used-clients.port.js';
