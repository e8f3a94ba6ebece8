import { Controller, Header, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPerson, RequirePerson, type PersonCaller } from '#access-control';
import { ApiProblems, JsonBody } from '#http-api';
import { PasskeyRequestDto, VerificationOfFactorDto, VerifyFactorDto } from './own-factors.dto.js';
import { OwnVerification } from './own-verification.js';

/** How a person shows his second factor once more, for what needs that. */
@ApiTags('My account')
@Controller('api/v1/account/second-factor/verification')
export class OwnVerificationController {
  constructor(private readonly verification: OwnVerification) {}

  @Post('options')
  @RequirePerson()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'beginOwnVerification',
    summary: 'Begin to show a passkey',
    description:
      '409 `no_second_factor` without a passkey, `passkeys_impossible` where browsers show none for this address.',
  })
  @ApiOkResponse({ type: PasskeyRequestDto, description: 'What the browser needs.' })
  @ApiProblems(409)
  begin(@CurrentPerson() person: PersonCaller): Promise<PasskeyRequestDto> {
    return this.verification.begin(person);
  }

  @Post()
  @RequirePerson()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'verifyOwnSecondFactor',
    summary: 'Show one’s second factor',
    description:
      'A code or a passkey’s assertion; then what needs a recent second factor goes for five minutes, with all tokens of this sign-in to this application. Wrong ones count as failed sign-ins.',
  })
  @ApiOkResponse({ type: VerificationOfFactorDto, description: 'It was shown.' })
  @ApiProblems(400, 409, 429)
  verify(
    @CurrentPerson() person: PersonCaller,
    @JsonBody() dto: VerifyFactorDto,
  ): Promise<VerificationOfFactorDto> {
    return this.verification.finish(person, dto);
  }
}
