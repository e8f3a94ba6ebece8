import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, reachOf, RequireScope, type Caller } from '#access-control';
import { ChainVerification, type Verification } from './chain-verification.js';
import { VerificationDto } from './verification.dto.js';

@ApiTags('Audit log')
@Controller('api/v1/audit-events/verification')
export class VerificationController {
  constructor(private readonly verification: ChainVerification) {}

  @Get()
  @RequireScope('audit:read')
  @ApiOperation({
    operationId: 'verifyAuditEvents',
    summary: 'Verify the audit log',
    description:
      'Looks at every event, of all customers: that its hash is its own, that none is missing between two others, and that ' +
      'none is gone that a head or a signed checkpoint has seen. A million events take some seconds; who asks meanwhile ' +
      'shares the answer. A caller without `customers:read` learns whether the chain holds, and nothing of events that may ' +
      'be another customer’s.',
  })
  @ApiOkResponse({
    type: VerificationDto,
    description: 'What came of it; 200 where the chain is broken, too.',
  })
  async read(@CurrentCaller() caller: Caller): Promise<VerificationDto> {
    return presentVerification(await this.verification.verify(), reachOf(caller, 'see') === undefined);
  }
}

/** @param seesAll whether he may see the events of all customers */
export function presentVerification(verification: Verification, seesAll: boolean): VerificationDto {
  const { verifiedAt, events, unchained, writers, checkpoint, fault } = verification;
  const hidden = { message: null, writer: null, sequence: null, event: null };
  return {
    intact: fault === null,
    verified_at: verifiedAt,
    events: seesAll ? events : null,
    unchained: seesAll ? unchained : null,
    writers,
    checkpoint,
    fault: fault && { ...fault, ...(seesAll ? {} : hidden) },
  };
}
