import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Configuration } from '#configuration';
import { tooManyRequests } from '../challenges.js';
import type { AuthenticatedRequest } from '../decorators.js';
import { networkOf } from '../networks.js';
import { requestOrigin } from '../request-origin.js';
import { MinuteCounts } from './minute-counts.js';

const POLICY = 'requests';

/**
 * How many requests a minute a caller may make, where `POSTERN_RATE_LIMIT_REQUESTS` says so: a client
 * that has proved who it is, a person whom a token speaks for, else an address (IPv6: its /64).
 */
@Injectable()
export class RequestLimits {
  private readonly limit: number;
  /** draft-ietf-httpapi-ratelimit-headers: the quota, and its window in seconds. */
  private readonly policy: string;

  constructor(
    private readonly counts: MinuteCounts,
    { rateLimitRequests }: Configuration,
  ) {
    this.limit = rateLimitRequests;
    this.policy = `"${POLICY}";q=${this.limit};w=60`;
  }

  /** Counts a request once it is known who makes it. @throws Problem 429 where there were too many */
  admit(request: AuthenticatedRequest, reply: FastifyReply): void {
    if (this.limit === 0) return;
    const { count, seconds } = this.counts.take(callerOf(request), this.limit);
    void reply.headers({
      'ratelimit-policy': this.policy,
      ratelimit: `"${POLICY}";r=${Math.max(this.limit - count, 0)};t=${seconds}`,
    });
    if (count > this.limit) throw tooManyRequests(seconds);
  }

  /** Seconds for which an address has no more requests left, other than of those who prove who they are. */
  usedUpBy(ip: string | null): number | undefined {
    if (this.limit === 0) return undefined;
    const { count, seconds } = this.counts.look(addressKey(ip));
    return count > this.limit ? seconds : undefined;
  }
}

/** Everybody in the console comes by one client: there it is the person who counts. */
function callerOf(request: AuthenticatedRequest): string {
  const { caller, client } = request;
  if (caller) return caller.operator ? `person:${caller.operator.id}` : `client:${caller.clientId}`;
  // A public client only says who it is.
  if (client && client.tokenEndpointAuthMethod !== 'none') return `client:${client.clientId}`;
  return addressKey(requestOrigin(request).ip);
}

const addressKey = (ip: string | null) => `address:${networkOf(ip)}`;
