import { Controller, Delete, Header, HttpCode, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPerson, RequirePerson, type PersonCaller } from '#access-control';
import { ApiProblems, JsonBody, UuidParam } from '#http-api';
import { presentPasskey } from './factor.presenters.js';
import { OwnEnrolment } from './own-enrolment.js';
import {
  BeginEnrolmentDto,
  EnrolledPasskeyDto,
  EnrolPasskeyDto,
  PasskeyCreationDto,
} from './own-factors.dto.js';
import { OwnFactors } from './own-factors.js';

/** A person's own passkeys. */
@ApiTags('My account')
@Controller('api/v1/account/second-factor/passkeys')
export class OwnPasskeysController {
  constructor(
    private readonly factors: OwnFactors,
    private readonly enrolment: OwnEnrolment,
  ) {}

  @Post('options')
  @RequirePerson()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'beginOwnPasskey',
    summary: 'Begin to enrol a passkey',
    description:
      'Before the first factor it needs the current password, and later a second factor that was shown within five minutes, else 401 `insufficient_user_authentication` (RFC 9470). 409 `passkeys_impossible` where browsers make none for this address.',
  })
  @ApiOkResponse({ type: PasskeyCreationDto, description: 'What the browser needs.' })
  @ApiProblems(400, 409, 429)
  begin(
    @CurrentPerson() person: PersonCaller,
    @JsonBody() { current_password }: BeginEnrolmentDto,
  ): Promise<PasskeyCreationDto> {
    return this.enrolment.beginPasskey(person, current_password);
  }

  @Post()
  @RequirePerson()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'enrolOwnPasskey',
    summary: 'Enrol a passkey',
    description:
      'With what the browser has made, by the token that the enrolment was begun with. The first factor ends every other browser’s session and tokens.',
  })
  @ApiCreatedResponse({ type: EnrolledPasskeyDto, description: 'The passkey.' })
  @ApiProblems(400, 409)
  async enrol(
    @CurrentPerson() person: PersonCaller,
    @JsonBody() { response, name = 'Passkey' }: EnrolPasskeyDto,
  ): Promise<EnrolledPasskeyDto> {
    const { passkey, recoveryCodes = null } = await this.enrolment.finishPasskey(person, response, name);
    return { ...presentPasskey(passkey), recovery_codes: recoveryCodes };
  }

  @Delete(':id')
  @RequirePerson()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'removeOwnPasskey',
    summary: 'Remove one of one’s passkeys',
    description:
      'Needs a second factor that was shown within five minutes, else 401 `insufficient_user_authentication` (RFC 9470). The last factor of a person whose role requires one cannot be removed.',
  })
  @ApiProblems(400, 404, 409)
  async remove(@CurrentPerson() person: PersonCaller, @UuidParam('id') id: string): Promise<void> {
    await this.factors.remove(person, id);
  }
}
