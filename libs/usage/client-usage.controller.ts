import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, RequireScope, type Caller } from '#access-control';
import {
  ApiProblems,
  ApiStepRange,
  Clock,
  QueryParameters,
  STEP_PARAMETERS,
  type FormParameters,
} from '#http-api';
import { ClientUsageDto } from './client-usage.dto.js';
import { usageRange } from './usage-range.js';
import { UsageReader } from './usage-reader.js';
import { UsedClients } from './used-clients.port.js';

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
  @ApiStepRange()
  @ApiOkResponse({ type: ClientUsageDto, description: 'The counters.' })
  @ApiProblems(400, 404)
  async read(
    @CurrentCaller() caller: Caller,
    @Param('client_id') clientId: string,
    @QueryParameters(STEP_PARAMETERS) query: FormParameters,
  ): Promise<ClientUsageDto> {
    const range = usageRange(query, this.clock.now());
    const client = await this.clients.see(caller, clientId);
    return { client_id: client.clientId, ...range, items: await this.reader.ofClient(client.id, range) };
  }
}
