import { Controller, Get, Header } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { Public } from '#access-control';
import { Database, hasSchema } from '#database';
import { Problem } from '#http-api';
import { Draining } from './draining.js';

/** How long the database may take to answer, in milliseconds: who asks this asks again soon. */
const READY_WITHIN_MS = 2_000;

/** Whether this instance answers. */
export class HealthDto {
  @ApiProperty({ description: '`ok`, else the status code says it.', example: 'ok' })
  status: string;
}

// A balancer that is told to come less often takes the instance for dead.
@Public({ uncounted: true })
@ApiTags('Operations')
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly database: Database,
    private readonly draining: Draining,
  ) {}

  @Get('healthz')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'healthz',
    security: [],
    summary: 'Whether the process is alive',
    description: 'Asks nobody else.',
  })
  @ApiOkResponse({ type: HealthDto, description: 'It is.' })
  healthz(): HealthDto {
    return { status: 'ok' };
  }

  @Get('readyz')
  @HealthCheck({ swaggerDocumentation: false })
  @ApiOperation({
    operationId: 'readyz',
    security: [],
    summary: 'Whether requests can be served',
    description:
      'The database answers, and has every migration that this version knows; a newer schema serves it too. An instance that is about to end says 503, and still answers what reaches it.',
  })
  @ApiOkResponse({ type: HealthDto, description: 'They can.' })
  @ApiServiceUnavailableResponse({
    description:
      'The database does not answer within two seconds, or lacks migrations, or this instance is about to end.',
  })
  async readyz(): Promise<HealthDto> {
    if (this.draining.hasBegun) throw Problem.ending();
    try {
      const { status } = await this.health.check([() => this.databaseAnswers()]);
      return { status };
    } catch (error) {
      throw Problem.unavailable(error);
    }
  }

  private async databaseAnswers() {
    const indicator = this.indicators.check('database');
    await this.database.answersWithin(READY_WITHIN_MS);
    return (await hasSchema(this.database)) ? indicator.up() : indicator.down('Migrations are missing.');
  }
}
