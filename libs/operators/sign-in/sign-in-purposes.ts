import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { FormParameters } from '#http-api';
import { PendingAuthorizations, type PendingAuthorization } from './pending-authorizations.port.js';

/** What somebody signs in for, where it is there; `undefined` stands for nothing but signing in. */
export type SignInPurpose = { request: string; pending: PendingAuthorization } | undefined;

/** What the pages of signing in are shown for. */
@Injectable()
export class SignInPurposes {
  constructor(private readonly pending: PendingAuthorizations) {}

  /** @param browser the browser's own secret: another browser's request is gone for it */
  async of(parameters: FormParameters, browser: string): Promise<SignInPurpose | 'gone'> {
    const request = parameters.get('request');
    if (request === undefined) return undefined;
    const pending = isUUID(request) ? await this.pending.find(request, browser) : undefined;
    return pending ? { request, pending } : 'gone';
  }
}

/** The address of a page of signing in, which keeps what it is for. */
export function signInPath(step: '' | '/second-factor' | '/enrolment', purpose: SignInPurpose): string {
  return `/oauth2/sign-in${step}${purpose ? `?request=${encodeURIComponent(purpose.request)}` : ''}`;
}
