import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiExtension, ApiForbiddenResponse, ApiSecurity, ApiUnauthorizedResponse } from '@nestjs/swagger';
import type { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthenticatedClient } from './client-authenticator.js';
import type { Caller, PersonCaller } from './principal.js';

/** How a caller may prove who he is; `client` is that of the OAuth endpoints, by Basic or in the form body. */
export type Scheme = 'bearer' | 'basic' | 'client';

export interface Access {
  public?: true;
  /** Not among the requests that a caller may make in a minute. */
  uncounted?: boolean;
  schemes: Scheme[];
  scope?: string;
  /** For a person about himself, whatever his role: only by a token of his own sign-in to Postern. */
  person?: true;
}

export const ACCESS = Symbol('ACCESS');

const PROBLEM = {
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDocument' } } },
};

const known = new WeakMap<Function, WeakMap<Function, Access>>();

/** What a route's decorators say of it, or else its class's. They never change: they are read once. */
export function accessOf(context: ExecutionContext, reflector: Reflector): Access | undefined {
  const [handler, controller] = [context.getHandler(), context.getClass()];
  const read = known.get(handler)?.get(controller);
  if (read) return read;
  const access = reflector.getAllAndOverride<Access | undefined>(ACCESS, [handler, controller]);
  if (access) known.set(handler, (known.get(handler) ?? new WeakMap()).set(controller, access));
  return access;
}

/** Opens a route to everybody. Every route that does not say so is closed. */
export const Public = (but: Pick<Access, 'uncounted'> = {}): MethodDecorator & ClassDecorator =>
  SetMetadata<symbol, Access>(ACCESS, { public: true, schemes: [], ...but });

/** Requires a scope, and documents it. Bearer tokens, and a client's credentials where `schemes` says so. */
export function RequireScope(scope: string, schemes: Scheme[] = ['bearer', 'basic']): MethodDecorator {
  return applyDecorators(
    SetMetadata<symbol, Access>(ACCESS, { schemes, scope }),
    // Swagger UI sends the last that it is authorised for: an operator's Basic where it is taken.
    ...(schemes.includes('bearer')
      ? [ApiSecurity('oauth2', [scope]), ApiSecurity('person', [scope]), ApiSecurity('bearer')]
      : []),
    ...(schemes.some((scheme) => scheme !== 'bearer') ? [ApiSecurity('basic')] : []),
    ApiExtension('x-required-scope', scope),
    ApiUnauthorizedResponse({ description: 'No credentials, or none that are good now.', ...PROBLEM }),
    ApiForbiddenResponse({
      description: `The scope \`${scope}\` is missing, or the caller may not do this.`,
      ...PROBLEM,
    }),
  );
}

/**
 * For a person about himself, in the console or Swagger UI: not for what he allowed another application.
 */
export function RequirePerson(): MethodDecorator {
  return applyDecorators(
    SetMetadata<symbol, Access>(ACCESS, { schemes: ['bearer'], person: true }),
    ApiSecurity('person'),
    ApiSecurity('bearer'),
    ApiUnauthorizedResponse({ description: 'No token, or none that is good now.', ...PROBLEM }),
    ApiForbiddenResponse({ description: 'The token is not of a person’s own sign-in.', ...PROBLEM }),
  );
}

/** The token endpoint and its kind: a client authenticates, by Basic or in the form body. */
export function AuthenticateClient(): MethodDecorator {
  return applyDecorators(SetMetadata<symbol, Access>(ACCESS, { schemes: ['client'] }), ApiSecurity('basic'));
}

export interface AuthenticatedRequest extends FastifyRequest {
  caller?: Caller;
  client?: AuthenticatedClient;
  /** Where a nonce goes for the next proof; there for a request that brings one. */
  answer?: FastifyReply;
}

/** Who calls; there on every route that requires a scope. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller =>
    context.switchToHttp().getRequest<AuthenticatedRequest>().caller!,
);

/** The person about whom a route of `RequirePerson` is, and as whom it is called. */
export const CurrentPerson = createParamDecorator((_: unknown, context: ExecutionContext): PersonCaller => {
  const { caller } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  return caller as PersonCaller;
});

/** The client that authenticated; there on every route of `AuthenticateClient`. */
export const CurrentClient = createParamDecorator(
  (_: unknown, context: ExecutionContext): AuthenticatedClient =>
    context.switchToHttp().getRequest<AuthenticatedRequest>().client!,
);
