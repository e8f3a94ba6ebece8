import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '#http-api';
import { insufficientScope } from './challenges.js';
import { accessOf, type AuthenticatedRequest } from './decorators.js';
import type { Caller } from './principal.js';
import { RefusalRecorder } from './refusals.js';

/** Runs after authentication: the caller has the route's scope, or the refusal is on record and answered 403. */
@Injectable()
export class ScopeGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly refusals: RefusalRecorder,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<never> {
    const access = accessOf(context, this.reflector);
    if (access?.public) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const { caller, client } = request;
    // `@AuthenticateClient()`: there a client acts for itself, and needs no scope.
    if (client && access && !access.scope) return true;
    if (access?.person && caller) return caller.operator?.firstParty || this.refusePerson(caller);
    if (!access?.scope || !caller) throw Problem.forbidden('This route is closed.');
    if (caller.permissions.includes(access.scope)) return true;
    return this.refuse(caller, access.scope, insufficientScope(access.scope, caller.tokenScheme ?? 'bearer'));
  }

  private refusePerson(caller: Caller): Promise<never> {
    const forbidden = Problem.forbidden('This is for a person who has signed in to Postern itself.');
    return this.refuse(caller, 'a person’s own sign-in', forbidden);
  }

  private async refuse(caller: Caller, required: string, refusal: Error): Promise<never> {
    await this.refusals.recordRefusal({
      type: 'access_token.scope_denied',
      actor: caller.actor,
      origin: caller.origin,
      client_id: caller.clientId,
      token_id: caller.tokenId,
      customer_id: caller.customerId,
      detail: {
        message: `${caller.origin.method} ${caller.origin.path} was refused to ${caller.clientId}, which lacks ${required}.`,
        required,
        held: caller.permissions.scopes,
      },
    });
    throw refusal;
  }
}
