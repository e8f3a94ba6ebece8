import { Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OperatorEntity } from './operator.entity.js';
import { SessionEntity } from './sign-in/session.entity.js';

@Module({})
export class OperatorsModule {
  /** @param ports binds OperatorGrants and PendingAuthorizations; `imports` brings the modules that serve them */
  static register(imports: ModuleMetadata['imports'], ports: Provider[]): DynamicModule {
    return {
      module: OperatorsModule,
      imports: [TypeOrmModule.forFeature([OperatorEntity, SessionEntity]), ...(imports ?? [])],
      providers: [...ports],
    };
  }
}
