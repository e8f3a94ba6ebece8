import { Controller, Get } from '@nestjs/common';
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
import { UsageDto } from './client-usage.dto.js';
import { usageRange } from './usage-range.js';
import { UsageReader } from './usage-reader.js';

@ApiTags('Clients')
@Controller('api/v1/usage')
export class UsageController {
  constructor(
    private readonly reader: UsageReader,
    private readonly clock: Clock,
  ) {}

  @Get()
  @RequireScope('tokens:read')
  @ApiOperation({
    operationId: 'readUsage',
    summary: 'See how much all clients are used',
    description:
      'The same as for one client, of all clients together that the caller sees: without `customers:read` those of his own customer.',
  })
  @ApiStepRange()
  @ApiOkResponse({ type: UsageDto, description: 'The counters.' })
  @ApiProblems(400)
  async read(
    @CurrentCaller() caller: Caller,
    @QueryParameters(STEP_PARAMETERS) query: FormParameters,
  ): Promise<UsageDto> {
    const range = usageRange(query, this.clock.now());
    return { ...range, items: await this.reader.ofAll(caller, range) };
  }
}
