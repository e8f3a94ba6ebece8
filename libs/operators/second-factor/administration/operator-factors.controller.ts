import { Controller, Delete, Get, HttpCode } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, RequireScope, type Caller } from '#access-control';
import { ApiProblems, UuidParam } from '#http-api';
import { FactorStandingDto } from './operator-factors.dto.js';
import { OperatorFactors } from './operator-factors.js';

@ApiTags('Operators')
@Controller('api/v1/operators/:id/second-factor')
export class OperatorFactorsController {
  constructor(private readonly factors: OperatorFactors) {}

  @Get()
  @RequireScope('operators:read')
  @ApiOperation({
    operationId: 'readOperatorSecondFactor',
    summary: 'What a person has for a second factor',
    description: 'Nothing by which it could be used.',
  })
  @ApiOkResponse({ type: FactorStandingDto, description: 'What he has.' })
  @ApiProblems(400, 404)
  read(@CurrentCaller() caller: Caller, @UuidParam('id') id: string): Promise<FactorStandingDto> {
    return this.factors.see(caller, id);
  }

  @Delete()
  @RequireScope('operators:write')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'resetOperatorSecondFactor',
    summary: 'Remove a person’s second factors',
    description:
      'For one who has lost them: his recovery codes go too, and his sessions end, with the tokens that the console and Swagger UI got by them. A person who asks must have shown his own second factor within five minutes where he has one (else 401 `insufficient_user_authentication`, RFC 9470).',
  })
  @ApiProblems(400, 404)
  async reset(@CurrentCaller() caller: Caller, @UuidParam('id') id: string): Promise<void> {
    await this.factors.reset(caller, id);
  }
}
