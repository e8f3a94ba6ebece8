import { Module, type DynamicModule } from '@nestjs/common';
import { InventoryImporter } from './imports/inventory-importer.js';
import { RunningImports } from './imports/running-imports.js';
import { BodyLimits } from './imports/spooled-body.js';
import { inventoryController } from './inventory-controller.js';
import { InventoryRows } from './rows/inventory-rows.js';
import { SampleInventory } from './sample-inventory.js';
import { WritableResource, WritableResources, type InventoryResource } from './writable-resource.js';

/** The way in for PAM data, `/inventory/v1`. */
@Module({})
export class InventoryModule {
  /**
   * @param resources all kinds of PAM data; one that refers to another comes after it
   * @param limits of an import's body, where they are not the usual ones
   */
  static register(resources: readonly InventoryResource[], limits: Partial<BodyLimits> = {}): DynamicModule {
    const writable = new WritableResources(resources.map((schema) => new WritableResource(schema)));
    return {
      module: InventoryModule,
      controllers: writable.all.map((resource) => inventoryController(resource)),
      providers: [
        { provide: WritableResources, useValue: writable },
        { provide: BodyLimits, useValue: { ...new BodyLimits(), ...limits } },
        InventoryImporter,
        RunningImports,
        InventoryRows,
        SampleInventory,
      ],
      exports: [SampleInventory, InventoryRows, WritableResources],
    };
  }
}
