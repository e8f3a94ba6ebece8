import { Controller, Get, type Type } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, RequireScope, type Caller } from '#access-control';
import {
  FormParameters,
  ListQuery,
  Problem,
  QueryParameters,
  ResourceId,
  Tagged,
  type ListRequest,
} from '#http-api';
import { DocumentedList, DocumentedRead } from './resource-documentation.js';
import { ResourceReader } from './resource-reader.js';
import type { Resource } from './resource.js';

/** Makes the two routes of a resource: `GET /pam/v1/<name>` and `GET /pam/v1/<name>/{id}`. */
export function resourceController(resource: Resource): Type {
  @ApiTags('PAM data')
  @Controller(`pam/v1/${resource.name}`)
  class ResourceController {
    constructor(private readonly reader: ResourceReader) {}

    @Get()
    @RequireScope(resource.scope, ['bearer'])
    @DocumentedList(resource)
    list(@CurrentCaller() caller: Caller, @ListQuery(resource.list) request: ListRequest) {
      return this.reader.list(resource, caller, request);
    }

    @Get(':id')
    @RequireScope(resource.scope, ['bearer'])
    @DocumentedRead(resource)
    async read(
      @CurrentCaller() caller: Caller,
      @ResourceId() id: string,
      @QueryParameters(['fields']) query: FormParameters,
    ) {
      return Tagged.byContent(await this.reader.read(resource, caller, id, fieldsOf(resource, query)));
    }
  }
  return ResourceController;
}

function fieldsOf({ list }: Resource, query: FormParameters): string[] | undefined {
  const fields = query
    .get('fields')
    ?.split(',')
    .map((name) => name.trim());
  if (fields && !fields.every((name) => list.fields!.includes(name))) {
    throw Problem.invalidField('fields', `must be of ${list.fields!.join(', ')}`);
  }
  return fields;
}
