import { Controller, Get, HttpCode, Put, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentPerson, RequirePerson, type PersonCaller } from '#access-control';
import { Configuration } from '#configuration';
import { ApiProblems, JsonBody } from '#http-api';
import { OperatorStore } from '../administration/operator-store.js';
import { presentOperator } from '../administration/operator.presenter.js';
import { ChangePasswordDto, SignedInPersonDto } from './account.dto.js';
import { OwnAccount } from './own-account.js';

/** What a person does about himself: in the console and Swagger UI, whatever his role. */
@ApiTags('My account')
@Controller('api/v1/account')
export class AccountController {
  constructor(
    private readonly own: OwnAccount,
    private readonly store: OperatorStore,
    private readonly configuration: Configuration,
  ) {}

  @Get()
  @RequirePerson()
  @ApiOperation({
    operationId: 'readOwnAccount',
    summary: 'Who is signed in',
    description: 'And what his token may do. Only for tokens of the console and Swagger UI.',
  })
  @ApiOkResponse({ type: SignedInPersonDto, description: 'The person.' })
  async read(@CurrentPerson() person: PersonCaller): Promise<SignedInPersonDto> {
    const {
      active: _,
      updated_at: __,
      second_factor: ___,
      ...shown
    } = presentOperator(await this.store.self(person));
    return { ...shown, scopes: [...person.permissions.scopes], vault: this.configuration.vault };
  }

  @Put('password')
  @RequirePerson()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'changeOwnPassword',
    summary: 'Change one’s password',
    description:
      'Signs out of every other browser, and ends the tokens that the console and Swagger UI have there. What was allowed to applications stays.',
  })
  @ApiProblems(400, 429)
  async changePassword(
    @CurrentPerson() person: PersonCaller,
    @Req() request: FastifyRequest,
    @JsonBody() dto: ChangePasswordDto,
  ): Promise<void> {
    await this.own.changePassword(person, request, dto);
  }
}
