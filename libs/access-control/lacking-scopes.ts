import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { catchError, type Observable } from 'rxjs';
import { Problem } from '#http-api';
import type { AuthenticatedRequest } from './decorators.js';
import { RefusalRecorder } from './refusals.js';

/** 403 from within a handler: what was asked for needs scopes that the caller lacks. */
export class LackingScopes extends Problem {
  constructor(
    detail: string,
    readonly scopes: readonly string[],
  ) {
    super(403, 'forbidden', `${detail}: ${scopes.join(', ')}.`);
  }
}

/** Puts such a refusal on record before it is answered, as the scope guard does with its own. */
@Injectable()
export class LackingScopesInterceptor implements NestInterceptor {
  constructor(private readonly refusals: RefusalRecorder) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError(async (error: unknown) => {
        if (error instanceof LackingScopes) await this.record(error, context);
        throw error;
      }),
    );
  }

  private async record({ scopes, detail }: LackingScopes, context: ExecutionContext): Promise<void> {
    const caller = context.switchToHttp().getRequest<AuthenticatedRequest>().caller!;
    const { actor, origin, clientId, tokenId, customerId, permissions } = caller;
    await this.refusals.recordRefusal({
      type: 'access_token.scope_denied',
      actor,
      origin,
      client_id: clientId,
      token_id: tokenId,
      customer_id: customerId,
      detail: {
        message: `${origin.method} ${origin.path} was refused to ${clientId}. ${detail}`,
        required: scopes.join(' '),
        held: permissions.scopes,
      },
    });
  }
}
