import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, RequireScope, type Caller } from '#access-control';
import { ApiList, ApiProblems, ListQuery, UuidParam, type ListRequest } from '#http-api';
import { AuditEventDto } from './audit-event.dto.js';
import { AUDIT_EVENTS } from './audit-event-list.js';
import { AuditEventReader } from './audit-event-reader.js';

@ApiTags('Audit log')
@Controller('api/v1/audit-events')
export class AuditEventsController {
  constructor(private readonly events: AuditEventReader) {}

  @Get()
  @RequireScope('audit:read')
  @ApiOperation({
    operationId: 'listAuditEvents',
    summary: 'List audit events',
    description:
      'What was done and what was refused, the latest first. A caller without `customers:read` sees the events of ' +
      'his own customer. No event can be changed or removed, neither by this API nor in the database.',
  })
  @ApiList(AUDIT_EVENTS, AuditEventDto)
  @ApiProblems(400)
  list(@CurrentCaller() caller: Caller, @ListQuery(AUDIT_EVENTS) request: ListRequest) {
    return this.events.list(caller, request);
  }

  @Get(':id')
  @RequireScope('audit:read')
  @ApiOperation({
    operationId: 'getAuditEvent',
    summary: 'Read an audit event',
    description: 'One event by its id, where it is within the caller’s reach.',
  })
  @ApiParam({
    name: 'id',
    description: 'The id of the event.',
    schema: { type: 'string', format: 'uuid', example: '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f' },
  })
  @ApiOkResponse({ description: 'The event.', type: AuditEventDto })
  @ApiProblems(400, 404)
  find(@CurrentCaller() caller: Caller, @UuidParam('id') id: string): Promise<AuditEventDto> {
    return this.events.find(caller, id);
  }
}
