import { Controller, Get, Inject, Post } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, RequireScope, type Caller } from '#access-control';
import { Database } from '#database';
import { ApiProblems, JsonBody, ListQuery, type ListRequest } from '#http-api';
import { InventoryRows, WritableResources } from '#inventory';
import { ResourceReader, resources } from '#read-only-resources';
import { PamUserDto } from './pam-user.dto.js';
import { rowOf } from './pam-user-row.js';

const users = resources.find(({ name }) => name === 'users')!;

/** Users by the bearer token, at the address of the seed `002_…`: the same rows as at `/pam/v1/users`. */
@ApiTags('PAM apps')
@Controller('pam/apps/users/user')
export class PamUsersController {
  constructor(
    private readonly reader: ResourceReader,
    private readonly database: Database,
    private readonly rows: InventoryRows,
    @Inject(WritableResources) private readonly writable: WritableResources,
  ) {}

  @Get()
  @RequireScope('users:read', ['bearer'])
  @ApiOperation({
    operationId: 'listPamUsers',
    summary: 'List users',
    description: 'As `GET /pam/v1/users`. The token may come as `Authorize`, too.',
  })
  @ApiOkResponse({ description: 'A page of users.' })
  @ApiProblems(400)
  list(@CurrentCaller() caller: Caller, @ListQuery(users.list) request: ListRequest) {
    // Its scripts look at once for what they have created.
    return this.reader.list(users, caller, request, this.database);
  }

  @Post()
  @RequireScope('inventory:write', ['bearer'])
  @ApiOperation({
    operationId: 'createPamUser',
    summary: 'Create a user',
    description:
      'Needs a username; what is left out is made up or stays empty. The token may come as `Authorize`, too.',
  })
  @ApiBody({ type: PamUserDto })
  @ApiCreatedResponse({ description: 'The user, as the read API shows it.' })
  @ApiProblems(400, 409)
  create(@CurrentCaller() caller: Caller, @JsonBody() dto: PamUserDto) {
    return this.rows.create(this.writable.named('users')!, rowOf(dto), caller);
  }
}
