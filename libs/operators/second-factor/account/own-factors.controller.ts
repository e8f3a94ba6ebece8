import { Controller, Delete, Get, Header, HttpCode, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPerson, RequirePerson, type PersonCaller } from '#access-control';
import { ApiProblems, JsonBody } from '#http-api';
import { presentTotp } from './factor.presenters.js';
import { OwnEnrolment } from './own-enrolment.js';
import {
  BeginEnrolmentDto,
  ConfirmTotpDto,
  EnrolledTotpDto,
  OwnFactorsDto,
  RecoveryCodesDto,
  TotpBeginningDto,
} from './own-factors.dto.js';
import { OwnFactors } from './own-factors.js';

/** What needs a factor that was shown lately. */
const RECENT =
  'Needs a second factor that was shown within five minutes, else 401 `insufficient_user_authentication` (RFC 9470).';

/** A person's own second factors: which there are, the app that shows codes, and recovery codes. */
@ApiTags('My account')
@Controller('api/v1/account/second-factor')
export class OwnFactorsController {
  constructor(
    private readonly factors: OwnFactors,
    private readonly enrolment: OwnEnrolment,
  ) {}

  @Get()
  @RequirePerson()
  @ApiOperation({
    operationId: 'readOwnSecondFactor',
    summary: 'One’s second factors',
    description: 'And whether one’s role requires one.',
  })
  @ApiOkResponse({ type: OwnFactorsDto, description: 'The factors.' })
  read(@CurrentPerson() person: PersonCaller): Promise<OwnFactorsDto> {
    return this.factors.show(person);
  }

  @Post('totp/begin')
  @RequirePerson()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'beginOwnTotp',
    summary: 'Begin to enrol an app that shows codes',
    description: `Makes a key (RFC 6238), shown in this answer and never again. One that is enrolled stays until the new one is confirmed. Before the first factor it needs the current password. Later: ${RECENT}`,
  })
  @ApiOkResponse({ type: TotpBeginningDto, description: 'The key.' })
  @ApiProblems(400, 429)
  beginTotp(
    @CurrentPerson() person: PersonCaller,
    @JsonBody() { current_password }: BeginEnrolmentDto,
  ): Promise<TotpBeginningDto> {
    return this.enrolment.beginTotp(person, current_password);
  }

  @Post('totp')
  @RequirePerson()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'confirmOwnTotp',
    summary: 'Enrol an app that shows codes',
    description:
      'With the code that it shows now, by the token that the enrolment was begun with; five wrong ones, and it begins anew. The first factor ends every other browser’s session and tokens.',
  })
  @ApiCreatedResponse({
    type: EnrolledTotpDto,
    description: 'The app, in place of one that was enrolled before.',
  })
  @ApiProblems(400, 409)
  async confirmTotp(
    @CurrentPerson() person: PersonCaller,
    @JsonBody() { code }: ConfirmTotpDto,
  ): Promise<EnrolledTotpDto> {
    const { totp, recoveryCodes = null } = await this.enrolment.finishTotp(person, code);
    return { ...presentTotp(totp), recovery_codes: recoveryCodes };
  }

  @Delete('totp')
  @RequirePerson()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'removeOwnTotp',
    summary: 'Remove one’s app that shows codes',
    description: `${RECENT} The last factor of a person whose role requires one cannot be removed.`,
  })
  @ApiProblems(404, 409)
  async removeTotp(@CurrentPerson() person: PersonCaller): Promise<void> {
    await this.factors.remove(person);
  }

  @Post('recovery-codes')
  @RequirePerson()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'makeOwnRecoveryCodes',
    summary: 'Make new recovery codes',
    description: `In place of all that there were; shown in this answer and never again. ${RECENT}`,
  })
  @ApiCreatedResponse({ type: RecoveryCodesDto, description: 'The codes.' })
  @ApiProblems(409)
  async makeRecoveryCodes(@CurrentPerson() person: PersonCaller): Promise<RecoveryCodesDto> {
    return { recovery_codes: await this.factors.makeRecoveryCodes(person) };
  }
}
