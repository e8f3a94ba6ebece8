import { Controller, Delete, Get, HttpCode, Patch, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentCaller, RequireScope, STEP_UP_NOTE, withinReach, type Caller } from '#access-control';
import {
  ApiETag,
  ApiIfMatch,
  ApiList,
  ApiProblems,
  IfMatch,
  JsonBody,
  ListQuery,
  Lists,
  Tagged,
  UuidParam,
  type ListRequest,
} from '#http-api';
import { CreateOperatorDto, OperatorDto, UpdateOperatorDto } from './operator.dto.js';
import { operatorList } from './operator-list.js';
import { presentOperator, taggedOperator } from './operator.presenter.js';
import { OperatorRegistry } from './operator-registry.js';
import { OperatorStore } from './operator-store.js';
import type { SeenOperator } from './seen-operator.js';

@ApiTags('Operators')
@Controller('api/v1/operators')
export class OperatorsController {
  constructor(
    private readonly registry: OperatorRegistry,
    private readonly store: OperatorStore,
    private readonly lists: Lists,
  ) {}

  @Get()
  @RequireScope('operators:read')
  @ApiOperation({
    operationId: 'listOperators',
    summary: 'List people',
    description: 'Without their passwords.',
  })
  @ApiList(operatorList, OperatorDto)
  @ApiProblems(400)
  list(@CurrentCaller() caller: Caller, @ListQuery(operatorList) request: ListRequest): Promise<object> {
    return this.lists.answer(operatorList, request, withinReach(caller, 'o.customer_id'), (row) =>
      presentOperator(row as unknown as SeenOperator),
    );
  }

  @Post()
  @RequireScope('operators:write')
  @ApiOperation({
    operationId: 'createOperator',
    summary: 'Add a person',
    description: `Nobody adds a person above his own role, and no client an owner. ${STEP_UP_NOTE}`,
  })
  @ApiCreatedResponse({ type: OperatorDto, description: 'The person.' })
  @ApiProblems(400, 409)
  async add(
    @CurrentCaller() caller: Caller,
    @JsonBody() dto: CreateOperatorDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Tagged<OperatorDto>> {
    const operator = await this.registry.add(caller, dto);
    void reply.header('location', `/api/v1/operators/${operator.id}`);
    return taggedOperator(operator);
  }

  @Get(':id')
  @RequireScope('operators:read')
  @ApiOperation({
    operationId: 'readOperator',
    summary: 'Read a person',
    description: 'With an `ETag` for a later change.',
  })
  @ApiOkResponse({ type: OperatorDto, description: 'The person.' })
  @ApiETag()
  @ApiProblems(400, 404)
  async read(@CurrentCaller() caller: Caller, @UuidParam('id') id: string): Promise<Tagged<OperatorDto>> {
    return taggedOperator(await this.store.see(caller, id));
  }

  @Patch(':id')
  @RequireScope('operators:write')
  @ApiOperation({
    operationId: 'updateOperator',
    summary: 'Change a person',
    description: `Only the fields that are sent are changed. A new password ends his sessions, and the tokens that the console and Swagger UI got by them; deactivating ends his sessions, grants, codes and tokens. The last active owner stays one. ${STEP_UP_NOTE}`,
  })
  @ApiOkResponse({ type: OperatorDto, description: 'The person as he is now.' })
  @ApiIfMatch()
  @ApiProblems(400, 404, 409, 412)
  async change(
    @CurrentCaller() caller: Caller,
    @UuidParam('id') id: string,
    @JsonBody() dto: UpdateOperatorDto,
    @IfMatch() ifMatch?: string,
  ): Promise<Tagged<OperatorDto>> {
    return taggedOperator(await this.registry.change(caller, id, dto, ifMatch));
  }

  @Delete(':id')
  @RequireScope('operators:write')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteOperator',
    summary: 'Remove a person',
    description: 'Ends his sessions, grants, codes and tokens. The last active owner cannot be removed.',
  })
  @ApiIfMatch()
  @ApiProblems(400, 404, 409, 412)
  async remove(
    @CurrentCaller() caller: Caller,
    @UuidParam('id') id: string,
    @IfMatch() ifMatch?: string,
  ): Promise<void> {
    await this.registry.remove(caller, id, ifMatch);
  }
}
