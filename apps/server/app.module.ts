import { Module, type DynamicModule } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import {
  AccessControlModule,
  AccessTokenVerifier,
  ClientAuthenticator,
  RefusalRecorder,
  SlowHashingModule,
  StepUp,
} from '#access-control';
import { AuditChainModule, AuditLogModule, CheckpointSigning } from '#audit-log';
import {
  AuthorizationCodesModule,
  AuthorizationStoreModule,
  AuthorizingClients,
  Grants,
  SignedInPeople,
} from '#authorization-codes';
import { ClientsModule, ClientTokens, StoredClientAuthenticator } from '#clients';
import { ConfigurationModule, type Configuration } from '#configuration';
import { CustomersModule, DefaultClientsOfCustomer } from '#customers';
import { DatabaseModule, type DatabaseConnection } from '#database';
import { HttpApiModule, pageErrorForm, type Clock } from '#http-api';
import { InventoryModule, type BodyLimits } from '#inventory';
import { ObservabilityModule } from '#observability';
import { OperatorGrants, OperatorsModule, PendingAuthorizations, SessionsModule } from '#operators';
import { ReadOnlyResourcesModule, resources } from '#read-only-resources';
import { RetentionModule } from '#retention';
import { SealingModule } from '#sealing';
import {
  AuthorizationCodes,
  AuthorizationGrantsModule,
  ClientDirectory,
  oauthErrorFormAt,
  SigningKeysModule,
  StoredTokenVerifier,
  TokensModule,
  TokenVerificationModule,
} from '#tokens';
import { UsageCountersModule, UsageModule, UsedClients } from '#usage';
import { vendorErrorForms, VendorContractsModule } from '#vendor-contracts';
import { ClientsThatAuthorize, CodesThatAreRedeemed, RequestsThatWait } from './code-flow-ports.js';
import { Draining } from './draining.js';
import { FirstStartService } from './first-start.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import {
  CountedRefusals,
  TokensOfClients,
  EndedWithPerson,
  GrantsOfCodes,
  PeopleWithSessions,
  RegisteredClients,
  RegisteredClientsInUse,
  RegisteredWithCustomer,
  SignedCheckpoints,
} from './ports.js';
import { RecentSecondFactors } from './recent-second-factors.js';

export interface AppParts {
  configuration: Configuration;
  connection: DatabaseConnection;
  clock: Clock;
  /** Whether it works on a database that is not its to migrate or to watch, as the command line does. */
  attached?: boolean;
  /** Of an import's body, where they are not the usual ones. */
  importLimits?: Partial<BodyLimits>;
  /** Of bcrypt, where it is not the usual. */
  slowHashCost?: number;
}

/** What people open in a browser: errors there are pages. */
const PAGES = [
  '/oauth2/authorize',
  '/oauth2/consent',
  '/oauth2/consents',
  '/oauth2/sign-in',
  '/oauth2/sign-out',
];

/** Where the features meet: the one place that binds what one asks of another. */
@Module({})
export class AppModule {
  static register(parts: AppParts): DynamicModule {
    const { configuration, connection, clock, attached, importLimits, slowHashCost } = parts;
    const clients = ClientsModule.register(
      [AuthorizationGrantsModule],
      [{ provide: ClientTokens, useClass: TokensOfClients }],
    );
    const tokens = TokensModule.register(
      [clients, AuthorizationStoreModule],
      [
        { provide: ClientDirectory, useClass: RegisteredClients },
        { provide: AuthorizationCodes, useClass: CodesThatAreRedeemed },
      ],
    );
    const codes = AuthorizationCodesModule.register(
      [clients, AuthorizationGrantsModule, SessionsModule],
      [
        { provide: AuthorizingClients, useClass: ClientsThatAuthorize },
        { provide: Grants, useClass: GrantsOfCodes },
        { provide: SignedInPeople, useClass: PeopleWithSessions },
      ],
    );
    const inventory = InventoryModule.register(resources, importLimits);
    const ports = [
      { provide: ClientAuthenticator, useExisting: StoredClientAuthenticator },
      { provide: AccessTokenVerifier, useExisting: StoredTokenVerifier },
      { provide: RefusalRecorder, useClass: CountedRefusals },
      { provide: StepUp, useClass: RecentSecondFactors },
    ];
    const errorForms = [oauthErrorFormAt('/oauth2/'), ...PAGES.map(pageErrorForm), ...vendorErrorForms];
    return {
      module: AppModule,
      imports: [
        ObservabilityModule,
        ConfigurationModule.register(configuration),
        DatabaseModule.register(connection, { attached }),
        HttpApiModule.register({ clock, errorForms }),
        SealingModule,
        SlowHashingModule.register(slowHashCost),
        AuditLogModule,
        AuditChainModule.register(
          [SigningKeysModule],
          [{ provide: CheckpointSigning, useClass: SignedCheckpoints }],
        ),
        AccessControlModule.register([clients, TokenVerificationModule, UsageCountersModule], ports),
        CustomersModule.register(
          [clients],
          [{ provide: DefaultClientsOfCustomer, useClass: RegisteredWithCustomer }],
        ),
        clients,
        tokens,
        OperatorsModule.register(
          [clients, AuthorizationGrantsModule, AuthorizationStoreModule],
          [
            { provide: OperatorGrants, useClass: EndedWithPerson },
            { provide: PendingAuthorizations, useClass: RequestsThatWait },
          ],
        ),
        codes,
        UsageModule.register([clients], [{ provide: UsedClients, useClass: RegisteredClientsInUse }]),
        ReadOnlyResourcesModule,
        inventory,
        RetentionModule,
        VendorContractsModule.register([clients, tokens, codes, inventory, ReadOnlyResourcesModule]),
        TerminusModule.forRoot({ logger: false }),
      ],
      controllers: [HealthController, MetricsController],
      providers: [FirstStartService, Draining],
    };
  }
}
