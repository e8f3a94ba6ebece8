import { Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UsedJtisModule } from '#access-control';
import { UsageCountersModule } from '#usage';
import { BuiltInClients } from './built-in-clients.js';
import { ClientEntity } from './client.entity.js';
import { ClientSecretEntity } from './client-secret.entity.js';
import { DefaultClients } from './default-clients.js';
import { ClientListReader } from './registration/client-list-reader.js';
import { ClientRegistry } from './registration/client-registry.js';
import { ClientStore } from './registration/client-store.js';
import { LastAuthorizations } from './registration/last-authorizations.js';
import { ClientsController } from './registration/clients.controller.js';
import { ScopeEntity } from './scope.entity.js';
import { ScopeCatalogue } from './scopes/scope-catalogue.js';
import { ScopesController } from './scopes/scopes.controller.js';
import { ClientSecrets } from './secrets/client-secrets.js';
import { ClientSecretsController } from './secrets/client-secrets.controller.js';
import { SecretHashing } from './secrets/secret-hashing.js';
import { StoredClientAuthenticator } from './stored-client-authenticator.js';

@Module({})
export class ClientsModule {
  /** @param ports binds ClientTokens; `imports` brings the module that serves it */
  static register(imports: ModuleMetadata['imports'], ports: Provider[]): DynamicModule {
    return {
      module: ClientsModule,
      imports: [
        TypeOrmModule.forFeature([ClientEntity, ClientSecretEntity, ScopeEntity]),
        UsageCountersModule,
        UsedJtisModule,
        ...(imports ?? []),
      ],
      controllers: [ClientsController, ClientSecretsController, ScopesController],
      providers: [
        ...ports,
        ClientRegistry,
        ClientListReader,
        ClientStore,
        LastAuthorizations,
        ClientSecrets,
        SecretHashing,
        ScopeCatalogue,
        StoredClientAuthenticator,
        DefaultClients,
        BuiltInClients,
      ],
      exports: [
        StoredClientAuthenticator,
        ClientRegistry,
        ClientListReader,
        ClientSecrets,
        ClientStore,
        LastAuthorizations,
        ScopeCatalogue,
        DefaultClients,
        BuiltInClients,
      ],
    };
  }
}
