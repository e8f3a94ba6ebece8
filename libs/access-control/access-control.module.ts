import { Global, Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AuthenticationGuard } from './authentication.guard.js';
import { BearerAuthentication } from './bearer-authentication.js';
import { BoundedRefusals } from './bounded-refusals.js';
import { ClientAuthenticationService } from './client-authentication.js';
import { DenialFilter } from './denials.js';
import { FailedAuthenticationsModule } from './failed-authentications.js';
import { DpopNonces } from './proof-of-possession/dpop-nonces.js';
import { DpopProofs } from './proof-of-possession/dpop-proofs.js';
import { UsedJtisModule } from './proof-of-possession/used-jtis.js';
import { MinuteCounts } from './request-limits/minute-counts.js';
import { RequestLimits } from './request-limits/request-limits.js';
import { ScopeGuard } from './scope.guard.js';
import { StepUp } from './step-up.js';
import { BasicStrategy, BearerStrategy } from './strategies.js';

@Global()
@Module({})
export class AccessControlModule {
  /** @param ports binds ClientAuthenticator, AccessTokenVerifier, RefusalRecorder and StepUp; `imports` brings their modules */
  static register(imports: ModuleMetadata['imports'] = [], ports: Provider[]): DynamicModule {
    return {
      module: AccessControlModule,
      imports: [...imports, FailedAuthenticationsModule, UsedJtisModule],
      providers: [
        ...ports,
        MinuteCounts,
        RequestLimits,
        BoundedRefusals,
        BasicStrategy,
        BearerStrategy,
        ClientAuthenticationService,
        BearerAuthentication,
        DpopNonces,
        DpopProofs,
        { provide: APP_GUARD, useClass: AuthenticationGuard },
        { provide: APP_GUARD, useClass: ScopeGuard },
        { provide: APP_FILTER, useClass: DenialFilter },
      ],
      exports: [ClientAuthenticationService, DpopProofs, StepUp],
    };
  }
}
