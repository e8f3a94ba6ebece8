import { Controller, Delete, HttpCode, Post, Put, Req, Res, type Type } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentCaller, RequireScope, type Caller } from '#access-control';
import { FormParameters, JsonBody, QueryParameters, ResourceId } from '#http-api';
import { InventoryImporter } from './imports/inventory-importer.js';
import { RunningImports } from './imports/running-imports.js';
import { BodyLimits, SpooledBody } from './imports/spooled-body.js';
import { IMPORT_PARAMETERS, importBody, importOptions, jsonBody } from './inventory-request.js';
import { DocumentedCreate, DocumentedDelete, DocumentedImport } from './inventory-documentation.js';
import { rowModel } from './row-model.js';
import { InventoryRows } from './rows/inventory-rows.js';
import type { WritableResource } from './writable-resource.js';

const SCOPE = 'inventory:write';

/** Makes the routes by which a resource's rows come in: `/inventory/v1/<name>`. */
export function inventoryController(resource: WritableResource): Type {
  const { schema } = resource;
  const row = rowModel(schema);

  @ApiTags('Inventory')
  @Controller(`inventory/v1/${schema.name}`)
  class InventoryController {
    constructor(
      private readonly importer: InventoryImporter,
      private readonly running: RunningImports,
      private readonly limits: BodyLimits,
      private readonly rows: InventoryRows,
    ) {}

    @Put()
    @RequireScope(SCOPE)
    @DocumentedImport(schema, row)
    async import(
      @CurrentCaller() caller: Caller,
      @QueryParameters(IMPORT_PARAMETERS) query: FormParameters,
      @Req() request: FastifyRequest,
    ) {
      const options = importOptions(query);
      const { format, stream } = importBody(request, this.limits);
      using _claim = this.running.claim(schema, caller.customerId);
      await using body = await SpooledBody.take(stream, this.limits);
      const source = { format, chunks: body.chunks(), abandoned: () => request.raw.socket.destroyed };
      return await this.importer.import(resource, source, caller, options);
    }

    @Post()
    @RequireScope(SCOPE)
    @DocumentedCreate(schema, row)
    async create(
      @CurrentCaller() caller: Caller,
      @QueryParameters([]) _query: FormParameters,
      @JsonBody() body: unknown,
      @Res({ passthrough: true }) reply: FastifyReply,
    ) {
      const created = await this.rows.create(resource, jsonBody(body), caller);
      void reply.header('location', `/pam/v1/${schema.name}/${encodeURIComponent(created.id)}`);
      return created;
    }

    @Delete(':id')
    @HttpCode(204)
    @RequireScope(SCOPE)
    @DocumentedDelete(schema)
    delete(
      @CurrentCaller() caller: Caller,
      @ResourceId() id: string,
      @QueryParameters([]) _query: FormParameters,
    ) {
      return this.rows.delete(resource, id, caller);
    }
  }
  return InventoryController;
}
