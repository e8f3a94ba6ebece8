import { Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FailedAuthenticationsModule } from '#access-control';
import { AccountController } from './account/account.controller.js';
import { OwnAccount } from './account/own-account.js';
import { PasswordProof } from './account/password-proof.js';
import { SessionsController } from './account/sessions.controller.js';
import { OperatorRegistry } from './administration/operator-registry.js';
import { OperatorStore } from './administration/operator-store.js';
import { OperatorsController } from './administration/operators.controller.js';
import { FirstOwner } from './first-owner.js';
import { ForcedSignOut } from './forced-sign-out.js';
import { OperatorEntity } from './operator.entity.js';
import { Passwords } from './passwords.js';
import { SECOND_FACTOR_CONTROLLERS, SECOND_FACTOR_PROVIDERS } from './second-factor/second-factor-parts.js';
import { PasswordCheck } from './sign-in/password-check.js';
import { SessionOpening } from './sign-in/session-opening.js';
import { SessionsModule } from './sign-in/sessions.module.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { SignInPurposes } from './sign-in/sign-in-purposes.js';
import { SignIn } from './sign-in/sign-in.service.js';
import { SignOutController } from './sign-in/sign-out.controller.js';

@Module({})
export class OperatorsModule {
  /** @param ports binds OperatorGrants and PendingAuthorizations; `imports` brings the modules that serve them */
  static register(imports: ModuleMetadata['imports'], ports: Provider[]): DynamicModule {
    return {
      module: OperatorsModule,
      imports: [
        TypeOrmModule.forFeature([OperatorEntity]),
        FailedAuthenticationsModule,
        SessionsModule,
        ...(imports ?? []),
      ],
      controllers: [
        AccountController,
        SessionsController,
        OperatorsController,
        SignInController,
        SignOutController,
        ...SECOND_FACTOR_CONTROLLERS,
      ],
      providers: [
        ...ports,
        OperatorRegistry,
        OperatorStore,
        OwnAccount,
        PasswordCheck,
        PasswordProof,
        Passwords,
        FirstOwner,
        ForcedSignOut,
        SessionOpening,
        SignIn,
        SignInPurposes,
        ...SECOND_FACTOR_PROVIDERS,
      ],
      exports: [FirstOwner],
    };
  }
}
