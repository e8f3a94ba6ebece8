export { InventoryModule } from './inventory.module.js';
export { SampleInventory } from './sample-inventory.js';
export type { InventoryResource } from './writable-resource.js';
