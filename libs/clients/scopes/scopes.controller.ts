import { Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, reachOf, RequireScope, type Caller } from '#access-control';
import { ApiList, ApiProblems, JsonBody, ListQuery, Lists, Problem, type ListRequest } from '#http-api';
import { SCOPE_TOKEN } from '#oauth-protocol';
import type { ScopeEntity } from '../scope.entity.js';
import { CreateScopeDto, ScopeDto, UpdateScopeDto } from './scope.dto.js';
import { ScopeCatalogue } from './scope-catalogue.js';
import { scopeList } from './scope-list.js';

@ApiTags('Scopes')
@Controller('api/v1/scopes')
export class ScopesController {
  constructor(
    private readonly catalogue: ScopeCatalogue,
    private readonly lists: Lists,
  ) {}

  @Get()
  @RequireScope('scopes:read')
  @ApiOperation({
    operationId: 'listScopes',
    summary: 'List the catalogue of scopes',
    description: 'The built-in ones, and the customer’s own.',
  })
  @ApiList(scopeList, ScopeDto)
  @ApiProblems(400)
  list(@CurrentCaller() caller: Caller, @ListQuery(scopeList) request: ListRequest): Promise<object> {
    const customerId = reachOf(caller, 'see');
    return this.lists.answer(
      scopeList,
      request,
      customerId === undefined
        ? []
        : [(parameters) => `(s.built_in OR s.customer_id = ${parameters.add(customerId)})`],
      (row) => present(row as unknown as ScopeEntity),
    );
  }

  @Post()
  @RequireScope('scopes:write')
  @ApiOperation({
    operationId: 'createScope',
    summary: 'Add a scope',
    description: 'For the caller’s customer.',
  })
  @ApiProblems(400, 409)
  async create(@CurrentCaller() caller: Caller, @JsonBody() dto: CreateScopeDto): Promise<ScopeDto> {
    return present(await this.catalogue.create(caller, dto));
  }

  @Patch(':name')
  @RequireScope('scopes:write')
  @ApiOperation({
    operationId: 'updateScope',
    summary: 'Change a scope’s description',
    description: 'Built-in ones cannot be changed.',
  })
  @ApiProblems(400, 404, 409)
  async change(
    @CurrentCaller() caller: Caller,
    @Param('name') name: string,
    @JsonBody() dto: UpdateScopeDto,
  ): Promise<ScopeDto> {
    return present(await this.catalogue.change(caller, scopeName(name), dto));
  }

  @Delete(':name')
  @RequireScope('scopes:write')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteScope',
    summary: 'Remove a scope',
    description: 'One that a client has cannot be removed.',
  })
  @ApiProblems(400, 404, 409)
  async remove(@CurrentCaller() caller: Caller, @Param('name') name: string): Promise<void> {
    await this.catalogue.remove(caller, scopeName(name));
  }
}

function scopeName(name: string): string {
  if (!SCOPE_TOKEN.test(name)) throw Problem.invalidField('name', 'is not of the shape of a scope');
  return name;
}

function present({ name, description, builtIn, customerId, createdAt, updatedAt }: ScopeEntity): ScopeDto {
  return {
    name,
    description,
    built_in: builtIn,
    customer_id: customerId,
    created_at: createdAt,
    updated_at: updatedAt,
  };
}
