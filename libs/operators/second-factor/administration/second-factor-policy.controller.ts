import { Controller, Get, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, RequireScope, type Caller } from '#access-control';
import { ApiProblems, JsonBody } from '#http-api';
import { SecondFactorPolicyDto } from './second-factor-policy.dto.js';
import { SecondFactorPolicy } from './second-factor-policy.js';

@ApiTags('Operators')
@Controller('api/v1/second-factor-policy')
export class SecondFactorPolicyController {
  constructor(private readonly policy: SecondFactorPolicy) {}

  @Get()
  @RequireScope('operators:read')
  @ApiOperation({
    operationId: 'readSecondFactorPolicy',
    summary: 'Who must have a second factor',
    description: 'By role, for the people of every customer.',
  })
  @ApiOkResponse({ type: SecondFactorPolicyDto, description: 'The roles.' })
  async read(): Promise<SecondFactorPolicyDto> {
    return { required_roles: await this.policy.requiredRoles() };
  }

  @Put()
  @RequireScope('operators:write')
  @ApiOperation({
    operationId: 'changeSecondFactorPolicy',
    summary: 'Require a second factor by role',
    description:
      'For an owner in person, who has shown his own second factor within five minutes where he has one (else 401 `insufficient_user_authentication`, RFC 9470). Whoever has such a role and no factor is signed out, and enrols one when he signs in next.',
  })
  @ApiOkResponse({ type: SecondFactorPolicyDto, description: 'The roles as they are now.' })
  @ApiProblems(400, 409)
  async change(
    @CurrentCaller() caller: Caller,
    @JsonBody() { required_roles }: SecondFactorPolicyDto,
  ): Promise<SecondFactorPolicyDto> {
    return { required_roles: await this.policy.change(caller, required_roles) };
  }
}
