import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { authorizationOf } from './authorization-header.js';
import { requestOrigin } from './request-origin.js';
import { basicRequest, bearerRequest, type StrategyRequest } from './strategies.js';

/** Nest's guard sends no challenge and hands the raw request on; these two do neither. */
function resultOf<Result>(error: unknown, result: Result | false): Result {
  if (error || !result) throw error ?? new Error('The strategy refused a header that was parsed before.');
  return result;
}

@Injectable()
export class BasicGuard extends AuthGuard('basic') {
  override getRequest(context: ExecutionContext): StrategyRequest {
    const request = context.switchToHttp().getRequest();
    const authorization = authorizationOf(request);
    if (authorization.scheme !== 'basic') throw new Error('BasicGuard wants a Basic header.');
    return basicRequest(authorization.clientId, authorization.clientSecret, requestOrigin(request));
  }

  override handleRequest<Result>(
    error: unknown,
    result: Result | false,
    _info: unknown,
    context: ExecutionContext,
  ): Result {
    return (context.switchToHttp().getRequest().authentication = resultOf(error, result));
  }
}

@Injectable()
export class BearerGuard extends AuthGuard('bearer') {
  override getRequest(context: ExecutionContext): StrategyRequest {
    const request = context.switchToHttp().getRequest();
    const authorization = authorizationOf(request);
    if (authorization.scheme !== 'bearer') throw new Error('BearerGuard wants a Bearer header.');
    return bearerRequest(authorization.token, requestOrigin(request));
  }

  override handleRequest<Result>(
    error: unknown,
    result: Result | false,
    _info: unknown,
    context: ExecutionContext,
  ): Result {
    return (context.switchToHttp().getRequest().verification = resultOf(error, result));
  }
}
