import { Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, RequireScope, type Caller, STEP_UP_NOTE } from '#access-control';
import { ApiProblems, JsonBody, UuidParam } from '#http-api';
import type { ClientSecretEntity } from '../client-secret.entity.js';
import {
  ClientSecretDto,
  ClientSecretsDto,
  RotatedSecretDto,
  RevealedSecretDto,
  RotateSecretDto,
} from './client-secret.dto.js';
import { ClientSecrets } from './client-secrets.js';

@ApiTags('Clients')
@Controller('api/v1/clients/:client_id/secrets')
export class ClientSecretsController {
  constructor(private readonly secrets: ClientSecrets) {}

  @Get()
  @RequireScope('clients:read')
  @ApiOperation({
    operationId: 'listClientSecrets',
    summary: 'List a client’s secrets',
    description: 'Newest first, and never the secrets themselves.',
  })
  @ApiProblems(400, 404)
  async list(
    @CurrentCaller() caller: Caller,
    @Param('client_id') clientId: string,
  ): Promise<ClientSecretsDto> {
    return { items: (await this.secrets.list(caller, clientId)).map(present) };
  }

  @Post()
  @RequireScope('clients:write')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'rotateClientSecret',
    summary: 'Rotate a client’s secret',
    description: `Adds a secret, shown in this answer and never again; the others expire after \`overlap\` seconds. For a client with \`credentials:reveal\`: ${STEP_UP_NOTE}`,
  })
  @ApiBody({ type: RotateSecretDto, required: false })
  @ApiProblems(400, 404, 409)
  async rotate(
    @CurrentCaller() caller: Caller,
    @Param('client_id') clientId: string,
    @JsonBody() { overlap, client_secret }: RotateSecretDto,
  ): Promise<RotatedSecretDto> {
    const { secret, plain } = await this.secrets.rotate(caller, clientId, overlap ?? 0, client_secret);
    return { ...present(secret), client_secret: plain };
  }

  @Post(':id/reveal')
  @RequireScope('credentials:reveal')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'revealClientSecret',
    summary: 'Look at a secret again',
    description: `Where the vault is on, and was when the secret was made. Every look is an audit event. ${STEP_UP_NOTE}`,
  })
  @ApiProblems(400, 404, 409)
  async reveal(
    @CurrentCaller() caller: Caller,
    @Param('client_id') clientId: string,
    @UuidParam('id') id: string,
  ): Promise<RevealedSecretDto> {
    return { id, client_secret: await this.secrets.reveal(caller, clientId, id) };
  }

  @Delete(':id')
  @RequireScope('clients:write')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteClientSecret',
    summary: 'Delete a secret',
    description: 'It is refused from now on; tokens that it gave live on.',
  })
  @ApiProblems(400, 404)
  async remove(
    @CurrentCaller() caller: Caller,
    @Param('client_id') clientId: string,
    @UuidParam('id') id: string,
  ): Promise<void> {
    await this.secrets.remove(caller, clientId, id);
  }
}

function present({ id, createdAt, expiresAt, lastUsedAt }: ClientSecretEntity): ClientSecretDto {
  return { id, created_at: createdAt, expires_at: expiresAt, last_used_at: lastUsedAt };
}
