export { BodyLimits } from './imports/spooled-body.js';
export { InventoryModule } from './inventory.module.js';
export { SampleInventory } from './sample-inventory.js';
export type { InventoryResource } from './writable-resource.js';
