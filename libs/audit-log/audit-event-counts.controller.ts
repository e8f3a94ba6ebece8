import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, RequireScope, type Caller } from '#access-control';
import { ApiProblems, ApiStepRange, Clock, QueryParameters, type FormParameters } from '#http-api';
import { AuditEventCounter } from './audit-event-counter.js';
import { AuditEventCountsDto } from './audit-event-counts.dto.js';
import { COUNT_PARAMETERS, countsRequest, OUTCOMES } from './audit-event-counts-request.js';

@ApiTags('Audit log')
@Controller('api/v1/audit-events/counts')
export class AuditEventCountsController {
  constructor(
    private readonly counter: AuditEventCounter,
    private readonly clock: Clock,
  ) {}

  @Get()
  @RequireScope('audit:read')
  @ApiOperation({
    operationId: 'countAuditEvents',
    summary: 'Count audit events over time',
    description:
      'By type, per hour or per day of UTC: of 31 days at most by the hour, and of 366 by the day. A caller without `customers:read` counts the events of his own customer.',
  })
  @ApiStepRange()
  @ApiQuery({
    name: 'outcome',
    required: false,
    description: 'What was done, or what was refused.',
    schema: { type: 'string', enum: [...OUTCOMES] },
  })
  @ApiQuery({
    name: 'client_id',
    required: false,
    description: 'Events about this client.',
    schema: { type: 'string' },
  })
  @ApiOkResponse({ type: AuditEventCountsDto, description: 'The counts.' })
  @ApiProblems(400)
  async read(
    @CurrentCaller() caller: Caller,
    @QueryParameters(COUNT_PARAMETERS) query: FormParameters,
  ): Promise<AuditEventCountsDto> {
    const request = countsRequest(query, this.clock.now());
    return { ...request.range, items: await this.counter.count(caller, request) };
  }
}
