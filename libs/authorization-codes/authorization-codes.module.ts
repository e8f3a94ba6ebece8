import { Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthorizationCodeStore } from './authorization-code-store.js';
import { AuthorizationCodeEntity } from './authorization-code.entity.js';
import { AuthorizationRequestEntity } from './authorization-request.entity.js';
import { AuthorizationRequests } from './authorization-requests.js';
import { AuthorizationResponses } from './authorization-responses.js';
import { AuthorizationEndpoint } from './authorize/authorization-endpoint.js';
import { AuthorizeController } from './authorize/authorize.controller.js';
import { ClientAndRedirectUri } from './authorize/client-and-redirect-uri.js';
import { ConsentEntity } from './consent.entity.js';
import { AllowedAccess } from './consent/allowed-access.js';
import { CodeIssuing } from './consent/code-issuing.js';
import { ConsentFlow } from './consent/consent-flow.js';
import { ConsentController } from './consent/consent.controller.js';
import { ConsentsController } from './consent/consents.controller.js';
import { NextSteps } from './consent/next-step.js';
import { RememberedConsents } from './consent/remembered-consents.js';
import { ParController } from './pushed/par.controller.js';
import { PushedAuthorizationEndpoint } from './pushed/pushed-authorization-endpoint.js';
import { PushedRequestEntity } from './pushed/pushed-request.entity.js';
import { PushedRequests } from './pushed/pushed-requests.js';

/** What is kept of requests and codes stands apart: sign-in and the token endpoint need it, and it needs nothing of the rest. */
@Module({
  providers: [AuthorizationRequests, AuthorizationCodeStore],
  exports: [AuthorizationRequests, AuthorizationCodeStore],
})
export class AuthorizationStoreModule {}

@Module({})
export class AuthorizationCodesModule {
  /** @param ports binds AuthorizingClients, SignedInPeople and Grants; `imports` brings the modules that serve them */
  static register(imports: ModuleMetadata['imports'], ports: Provider[]): DynamicModule {
    return {
      module: AuthorizationCodesModule,
      imports: [
        TypeOrmModule.forFeature([
          AuthorizationCodeEntity,
          AuthorizationRequestEntity,
          ConsentEntity,
          PushedRequestEntity,
        ]),
        AuthorizationStoreModule,
        ...(imports ?? []),
      ],
      controllers: [AuthorizeController, ParController, ConsentController, ConsentsController],
      providers: [
        ...ports,
        ClientAndRedirectUri,
        AuthorizationEndpoint,
        PushedAuthorizationEndpoint,
        PushedRequests,
        AuthorizationResponses,
        NextSteps,
        RememberedConsents,
        CodeIssuing,
        ConsentFlow,
        AllowedAccess,
      ],
      exports: [AuthorizationEndpoint],
    };
  }
}
