import { Module, type DynamicModule } from '@nestjs/common';
import { InventoryImporter } from './imports/inventory-importer.js';
import { inventoryController } from './inventory-controller.js';
import { InventoryRows } from './rows/inventory-rows.js';
import { SampleInventory } from './sample-inventory.js';
import { WritableResource, WritableResources, type InventoryResource } from './writable-resource.js';

/** The way in for PAM data, `/inventory/v1`. */
@Module({})
export class InventoryModule {
  /** @param resources all kinds of PAM data; one that refers to another comes after it */
  static register(resources: readonly InventoryResource[]): DynamicModule {
    const writable = new WritableResources(resources.map((schema) => new WritableResource(schema)));
    return {
      module: InventoryModule,
      controllers: writable.all.map((resource) => inventoryController(resource)),
      providers: [
        { provide: WritableResources, useValue: writable },
        InventoryImporter,
        InventoryRows,
        SampleInventory,
      ],
      exports: [SampleInventory],
    };
  }
}
