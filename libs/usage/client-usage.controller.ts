import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, RequireScope, type Caller } from '#access-control';
import { ApiProblems, Clock, QueryParameters, type FormParameters } from '#http-api';
import { ClientUsageDto } from './client-usage.dto.js';
import { USAGE_PARAMETERS, USAGE_STEPS, usageRange } from './usage-range.js';
import { UsageReader } from './usage-reader.js';
import { UsedClients } from './used-clients.port.js';

const TIME = { type: 'string', format: 'date-time' } as const;

@ApiTags('Clients')
@Controller('api/v1/clients/:client_id/usage')
export class ClientUsageController {
  constructor(
    private readonly clients: UsedClients,
    private readonly reader: UsageReader,
    private readonly clock: Clock,
  ) {}

  @Get()
  @RequireScope('tokens:read')
  @ApiOperation({
    operationId: 'readClientUsage',
    summary: 'See how much a client is used',
    description:
      'Requests and refusals per hour, or per day of UTC, at most 1000 of them; those of the last 400 days are there. They are counted in batches, and up to two seconds late.',
  })
  @ApiQuery({
    name: 'per',
    required: false,
    description: 'What one item is about.',
    schema: { type: 'string', enum: [...USAGE_STEPS], default: 'hour' },
  })
  @ApiQuery({
    name: 'from',
    required: false,
    description: 'The first item holds this; by default it is the 24th hour, or the 30th day, before `to`.',
    schema: TIME,
  })
  @ApiQuery({
    name: 'to',
    required: false,
    description: 'The last item ends with this, or holds it; by default it is now.',
    schema: TIME,
  })
  @ApiOkResponse({ type: ClientUsageDto, description: 'The counters.' })
  @ApiProblems(400, 404)
  async read(
    @CurrentCaller() caller: Caller,
    @Param('client_id') clientId: string,
    @QueryParameters(USAGE_PARAMETERS) query: FormParameters,
  ): Promise<ClientUsageDto> {
    const range = usageRange(query, this.clock.now());
    const client = await this.clients.see(caller, clientId);
    return { client_id: client.clientId, ...range, items: await this.reader.read(client.id, range) };
  }
}
