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
import { AuthorizationCodesModule, Grants } from '#authorization-codes';
import { ClientsModule, ClientTokens, StoredClientAuthenticator } from '#clients';
import { ConfigurationModule, type Configuration } from '#configuration';
import { CustomersModule, DefaultClientsOfCustomer } from '#customers';
import { DatabaseModule, type DatabaseConnection } from '#database';
import { HttpApiModule, type Clock } from '#http-api';
import { InventoryModule, type BodyLimits } from '#inventory';
import { OperatorGrants, OperatorsModule } from '#operators';
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
    return {
      module: AppModule,
      imports: [
        ConfigurationModule.register(configuration),
        DatabaseModule.register(connection),
        HttpApiModule.register({ clock, errorForms: [oauthErrorForm] }),
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
          [{ provide: OperatorGrants, useClass: EndedWithPerson }],
        ),
        AuthorizationCodesModule.register(
          [AuthorizationGrantsModule],
          [{ provide: Grants, useClass: GrantsOfCodes }],
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
