import { Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentCaller, RequireScope, type Caller } from '#access-control';
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
  type ListRequest,
} from '#http-api';
import { CreateCustomerDto, CreatedCustomerDto, CustomerDto, UpdateCustomerDto } from './customer.dto.js';
import type { CustomerEntity } from './customer.entity.js';
import { customerList } from './customer-list.js';
import { customerETag, Customers } from './customers.js';

@ApiTags('Customers')
@Controller('api/v1/customers')
export class CustomersController {
  constructor(
    private readonly customers: Customers,
    private readonly lists: Lists,
  ) {}

  @Get()
  @RequireScope('customers:read')
  @ApiOperation({
    operationId: 'listCustomers',
    summary: 'List customers',
    description: 'All of them, whosever the caller is.',
  })
  @ApiList(customerList, CustomerDto)
  @ApiProblems(400)
  list(@ListQuery(customerList) request: ListRequest): Promise<object> {
    return this.lists.answer(customerList, request, [], (row) => present(row as unknown as CustomerEntity));
  }

  @Post()
  @RequireScope('customers:write')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'createCustomer',
    summary: 'Add a customer',
    description:
      'It begins with two clients, whose secrets are in this answer and never again. They get no more than the caller has.',
  })
  @ApiCreatedResponse({
    type: CreatedCustomerDto,
    description: 'The customer, and the secrets of its clients this once.',
  })
  @ApiProblems(400, 409)
  async create(
    @CurrentCaller() caller: Caller,
    @JsonBody() dto: CreateCustomerDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Tagged<CreatedCustomerDto>> {
    const { customer, defaultClients } = await this.customers.create(caller, dto);
    void reply.header('location', `/api/v1/customers/${customer.customerId}`);
    const default_clients = defaultClients.map(({ name, clientId, clientSecret }) => ({
      name,
      client_id: clientId,
      client_secret: clientSecret,
    }));
    return new Tagged({ ...present(customer), default_clients }, customerETag(customer));
  }

  @Get(':customer_id')
  @RequireScope('customers:read')
  @ApiOperation({
    operationId: 'readCustomer',
    summary: 'Read a customer',
    description: 'With an `ETag` for a later change.',
  })
  @ApiOkResponse({ type: CustomerDto, description: 'The customer.' })
  @ApiETag()
  @ApiProblems(400, 404)
  async read(@Param('customer_id') customerId: string): Promise<Tagged<CustomerDto>> {
    return tagged(await this.customers.see(customerId));
  }

  @Patch(':customer_id')
  @RequireScope('customers:write')
  @ApiOperation({
    operationId: 'updateCustomer',
    summary: 'Rename a customer',
    description: 'Its id stays what it is.',
  })
  @ApiOkResponse({ type: CustomerDto, description: 'The customer as it is now.' })
  @ApiIfMatch()
  @ApiProblems(400, 404, 412)
  async change(
    @CurrentCaller() caller: Caller,
    @Param('customer_id') customerId: string,
    @JsonBody() dto: UpdateCustomerDto,
    @IfMatch() ifMatch?: string,
  ): Promise<Tagged<CustomerDto>> {
    return tagged(await this.customers.change(caller, customerId, dto, ifMatch));
  }

  @Delete(':customer_id')
  @RequireScope('customers:write')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteCustomer',
    summary: 'Remove a customer',
    description: 'Refused while anything belongs to it: clients, people, custom scopes, PAM data.',
  })
  @ApiIfMatch()
  @ApiProblems(400, 404, 409, 412)
  async remove(
    @CurrentCaller() caller: Caller,
    @Param('customer_id') customerId: string,
    @IfMatch() ifMatch?: string,
  ): Promise<void> {
    await this.customers.remove(caller, customerId, ifMatch);
  }
}

function tagged(customer: CustomerEntity): Tagged<CustomerDto> {
  return new Tagged(present(customer), customerETag(customer));
}

function present({ customerId, name, createdAt, updatedAt }: CustomerEntity): CustomerDto {
  return { customer_id: customerId, name, created_at: createdAt, updated_at: updatedAt };
}
