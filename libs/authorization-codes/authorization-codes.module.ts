import { Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthorizationCodeEntity } from './authorization-code.entity.js';
import { AuthorizationRequestEntity } from './authorization-request.entity.js';
import { ConsentEntity } from './consent.entity.js';

@Module({})
export class AuthorizationCodesModule {
  /** @param ports binds AuthorizingClients, SignedInPeople and Grants; `imports` brings the modules that serve them */
  static register(imports: ModuleMetadata['imports'], ports: Provider[]): DynamicModule {
    return {
      module: AuthorizationCodesModule,
      imports: [
        TypeOrmModule.forFeature([AuthorizationCodeEntity, AuthorizationRequestEntity, ConsentEntity]),
        ...(imports ?? []),
      ],
      providers: [...ports],
    };
  }
}
