export type { ImportFormat } from './formats/import-format.js';
export type { LineError, ReportView } from './imports/import-report.js';
export { InventoryImporter, type ImportOptions } from './imports/inventory-importer.js';
export { BodyLimits, SpooledBody } from './imports/spooled-body.js';
export { importOptions } from './inventory-request.js';
export { InventoryModule } from './inventory.module.js';
export { InventoryRows } from './rows/inventory-rows.js';
export { SampleInventory } from './sample-inventory.js';
export { WritableResources, type InventoryResource } from './writable-resource.js';
