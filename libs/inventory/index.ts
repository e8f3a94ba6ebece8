export { BodyLimits } from './imports/spooled-body.js';
export { InventoryModule } from './inventory.module.js';
export { InventoryRows } from './rows/inventory-rows.js';
export { SampleInventory } from './sample-inventory.js';
export { WritableResources, type InventoryResource } from './writable-resource.js';
