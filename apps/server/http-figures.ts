import type { FastifyReply, FastifyRequest } from 'fastify';
import { FormParameters } from '#http-api';
import { GRANT_TYPES } from '#oauth-protocol';
import type { Metrics } from '#observability';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']);
/** Where a token is asked for, in whatever words. */
const TOKEN_ROUTES = new Set([
  '/oauth2/token',
  '/osoc/api/oauthcontroller/token',
  '/pam/apps/autheticate/oauth/token-generation',
]);
/** The label of what has no route: a path of a caller's own is never one. */
export const UNMATCHED = 'unmatched';

type ByStatus = (ReturnType<ReturnType<Metrics['histogram']>['series']> | undefined)[];

/** Rate, errors and duration, by the pattern of the route. What a request costs is two look-ups and an addition. */
export class HttpFigures {
  private readonly durations: ReturnType<Metrics['histogram']>;
  private readonly errors: ReturnType<Metrics['counter']>;
  private readonly tokenErrors: ReturnType<Metrics['counter']>;
  private readonly routes = new Map<string, Map<string, ByStatus>>();

  constructor(metrics: Metrics) {
    this.durations = metrics.histogram({
      name: 'postern_http_request_duration_seconds',
      help: 'Requests by route, method and class of status: how long their answers took.',
      labels: ['route', 'method', 'status'],
    });
    this.errors = metrics.counter({
      name: 'postern_http_errors_total',
      help: 'Answers of 400 and above, by route, status and error code.',
      labels: ['route', 'status', 'code'],
    });
    this.tokenErrors = metrics.counter({
      name: 'postern_token_errors_total',
      help: 'Requests for a token that were refused, by grant type and OAuth error code.',
      labels: ['grant_type', 'error'],
    });
  }

  /** @param route the pattern that was matched */
  observe(route: string | undefined, { method, body }: FastifyRequest, reply: FastifyReply): void {
    const pattern = route ?? UNMATCHED;
    const { statusCode, errorCode = 'none' } = reply;
    this.seriesOf(pattern, METHODS.has(method) ? method : 'other', Math.trunc(statusCode / 100)).observe(
      reply.elapsedTime / 1000,
    );
    if (statusCode < 400) return;
    this.errors.add(pattern, String(statusCode), errorCode);
    if (TOKEN_ROUTES.has(pattern)) this.tokenErrors.add(grantTypeOf(body), errorCode);
  }

  private seriesOf(route: string, method: string, status: number) {
    let methods = this.routes.get(route);
    if (!methods) this.routes.set(route, (methods = new Map()));
    let series = methods.get(method);
    if (!series) methods.set(method, (series = []));
    return (series[status] ??= this.durations.series(route, method, `${status}xx`));
  }
}

/** One that is served, or `none` or `other`: what a caller makes up is no label. */
function grantTypeOf(body: unknown): string {
  const sent =
    body instanceof FormParameters ? body.get('grant_type') : (body as { grant_type?: unknown })?.grant_type;
  if (sent === undefined) return 'none';
  return GRANT_TYPES.find((one) => one === sent) ?? 'other';
}
