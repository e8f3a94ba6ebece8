import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Header, Headers, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RequireScope } from '#access-control';
import { ApiProblems, negotiate, Problem, varyBy } from '#http-api';
import { Metrics, type ExpositionFormat } from '#observability';

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as {
  version: string;
};
const FORMATS: ExpositionFormat[] = ['text/plain', 'application/openmetrics-text'];

@ApiTags('Operations')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {
    const build = {
      name: 'postern_build_info',
      help: 'Which version this is: always 1.',
      labels: ['version', 'node'],
    };
    const labels = { version, node: process.version };
    metrics.gauge(build, () => [{ labels, value: 1 }]);
  }

  @Get()
  @RequireScope('metrics:read')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'metrics',
    summary: 'Read this instance’s figures',
    description:
      'Prometheus’s text format, or OpenMetrics where `Accept` prefers it. Each instance is asked for its own. No figure names a client, a person or a customer.',
  })
  @ApiProduces(...FORMATS)
  @ApiOkResponse({ schema: { type: 'string' }, description: 'The figures.' })
  @ApiProblems(406)
  async read(
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    varyBy(reply, 'accept');
    const format = negotiate(accept, FORMATS);
    if (!format) throw Problem.notAcceptable(FORMATS);
    const { text, contentType } = await this.metrics.expose(format);
    void reply.type(contentType);
    return text;
  }
}
