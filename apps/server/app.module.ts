import { Module, type DynamicModule } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import {
  AccessControlModule,
  AccessTokenVerifier,
  ClientAuthenticator,
  RefusalRecorder,
  SlowHashingModule,
} from '#access-control';
import { AuditLog, AuditLogModule } from '#audit-log';
import { AuthorizationCodesModule, Grants, SignedInPeople } from '#authorization-codes';
import { ClientsModule, ClientTokens, StoredClientAuthenticator } from '#clients';
import { ConfigurationModule, type Configuration } from '#configuration';
import { CustomersModule, DefaultClientsOfCustomer } from '#customers';
import { DatabaseModule, type DatabaseConnection } from '#database';
import { HttpApiModule, pageErrorForm, type Clock } from '#http-api';
import { InventoryModule, type BodyLimits } from '#inventory';
import { OperatorGrants, OperatorsModule, PendingAuthorizations, SessionsModule } from '#operators';
import { ReadOnlyResourcesModule, resources } from '#read-only-resources';
import { SealingModule } from '#sealing';
import {
  AuthorizationGrantsModule,
  ClientDirectory,
  oauthErrorForm,
  StoredTokenVerifier,
  TokensModule,
  TokenVerificationModule,
} from '#tokens';
import { FirstStartService } from './first-start.js';
import { HealthController } from './health.controller.js';
import {
  EndedWithClient,
  EndedWithPerson,
  GrantsOfCodes,
  NothingPending,
  PeopleWithSessions,
  RegisteredClients,
  RegisteredWithCustomer,
} from './ports.js';

export interface AppParts {
  configuration: Configuration;
  connection: DatabaseConnection;
  clock: Clock;
  /** Of an import's body, where they are not the usual ones. */
  importLimits?: Partial<BodyLimits>;
}

/** Where the features meet: the one place that binds what one asks of another. */
@Module({})
export class AppModule {
  static register({ configuration, connection, clock, importLimits }: AppParts): DynamicModule {
    const clients = ClientsModule.register(
      [AuthorizationGrantsModule],
      [{ provide: ClientTokens, useClass: EndedWithClient }],
    );
    const ports = [
      { provide: ClientAuthenticator, useExisting: StoredClientAuthenticator },
      { provide: AccessTokenVerifier, useExisting: StoredTokenVerifier },
      { provide: RefusalRecorder, useExisting: AuditLog },
    ];
    const errorForms = [oauthErrorForm, pageErrorForm('/oauth2/sign-in'), pageErrorForm('/oauth2/sign-out')];
    return {
      module: AppModule,
      imports: [
        ConfigurationModule.register(configuration),
        DatabaseModule.register(connection),
        HttpApiModule.register({ clock, errorForms }),
        SealingModule,
        SlowHashingModule,
        AuditLogModule,
        AccessControlModule.register([clients, TokenVerificationModule], ports),
        CustomersModule.register(
          [clients],
          [{ provide: DefaultClientsOfCustomer, useClass: RegisteredWithCustomer }],
        ),
        clients,
        TokensModule.register([clients], [{ provide: ClientDirectory, useClass: RegisteredClients }]),
        OperatorsModule.register(
          [AuthorizationGrantsModule],
          [
            { provide: OperatorGrants, useClass: EndedWithPerson },
            { provide: PendingAuthorizations, useClass: NothingPending },
          ],
        ),
        AuthorizationCodesModule.register(
          [AuthorizationGrantsModule, SessionsModule],
          [
            { provide: Grants, useClass: GrantsOfCodes },
            { provide: SignedInPeople, useClass: PeopleWithSessions },
          ],
        ),
        ReadOnlyResourcesModule,
        InventoryModule.register(resources, importLimits),
        TerminusModule.forRoot({ logger: false }),
      ],
      controllers: [HealthController],
      providers: [FirstStartService],
    };
  }
}
