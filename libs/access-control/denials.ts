import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ErrorFilter, Problem } from '#http-api';
import { builtInScopesOf, isAbove, type Role } from '#oauth-protocol';
import type { AuthenticatedRequest } from './decorators.js';
import type { Principal } from './principal.js';
import { RefusalRecorder } from './refusals.js';

/** A refusal from within a handler, mostly 403: what was asked for is more than the caller may. */
export abstract class Denial extends Problem {
  /** @param required what the caller would have to have, for the audit event */
  constructor(
    detail: string,
    readonly required: string,
    {
      status = 403,
      code = 'forbidden',
      headers = {},
    }: Partial<Pick<Problem, 'status' | 'code' | 'headers'>> = {},
  ) {
    super(status, code, detail, { headers });
  }
}

/** What was asked for needs scopes that the caller lacks. */
export class LackingScopes extends Denial {
  constructor(detail: string, scopes: readonly string[]) {
    super(`${detail}: ${scopes.join(', ')}.`, scopes.join(' '));
  }
}

/** What was asked for is about a person who is above the caller. */
export class LackingRank extends Denial {
  constructor(role: Role, caller: Principal) {
    const reason = caller.operator ? `You are ${caller.operator.role}` : 'You are no person';
    super(`${reason}, and cannot create, change or remove a person who is ${role}.`, `role:${role}`);
  }
}

/** What was asked for is for an owner to decide, in person. */
export class NoOwner extends Denial {
  constructor() {
    super('This is for an owner in person, and not for a client, whoever it speaks for.', 'role:owner');
  }
}

/** @throws NoOwner 403 */
export function requireOwner({ operator }: Principal): void {
  if (operator?.role !== 'owner' || !operator.firstParty) throw new NoOwner();
}

/**
 * No operator creates or changes one above his own role, and no client an owner; nor does anybody
 * make, or take over by a new password, a person who could do more than he can with what he came with.
 * @throws LackingRank, LackingScopes 403
 */
export function requireRank(caller: Principal, role: Role): void {
  const own = caller.operator?.role ?? 'admin';
  if (isAbove(role, own)) throw new LackingRank(role, caller);
  const missing = caller.permissions.missingAdminScopes(builtInScopesOf(role));
  if (missing.length > 0) throw new LackingScopes('Such a person has scopes that you do not have', missing);
}

/** Puts such a refusal on record before it is answered, as the scope guard does with its own. */
@Catch(Denial)
export class DenialFilter implements ExceptionFilter {
  constructor(
    private readonly refusals: RefusalRecorder,
    private readonly errors: ErrorFilter,
  ) {}

  async catch(denial: Denial, host: ArgumentsHost): Promise<void> {
    const answer = await this.record(denial, host).then(
      () => denial,
      (error: unknown) => error,
    );
    const http = host.switchToHttp();
    this.errors.send(answer, http.getRequest(), http.getResponse());
  }

  private async record({ required, detail }: Denial, host: ArgumentsHost): Promise<void> {
    const caller = host.switchToHttp().getRequest<AuthenticatedRequest>().caller!;
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
        required,
        held: permissions.scopes,
      },
    });
  }
}
