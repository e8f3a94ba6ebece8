import type { ResourceSchema } from '#http-api';
import { RowCheck } from './rows/row-check.js';
import { RowWriter } from './rows/row-writer.js';

/** Port: the definition of a kind of PAM data, which `apps/` hands in from the read side. */
export type InventoryResource = ResourceSchema;

/** A resource with what its rows need on their way in, made once at start. */
export class WritableResource {
  readonly check: RowCheck;
  readonly writer: RowWriter;

  constructor(readonly schema: InventoryResource) {
    this.check = new RowCheck(schema);
    this.writer = new RowWriter(schema);
  }
}

/** All of them; one that refers to another comes after it. */
export class WritableResources {
  constructor(readonly all: readonly WritableResource[]) {}

  named(name: string): WritableResource | undefined {
    return this.all.find(({ schema }) => schema.name === name);
  }
}
