import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { ApiClients } from './api-clients/api-clients.js';
import { ApiClientsController } from './api-clients/api-clients.controller.js';
import { OauthControllerController } from './osoc/oauth-controller.controller.js';
import { PamUsersController } from './pam-apps/pam-users.controller.js';
import { TokenGenerationController } from './pam-apps/token-generation.controller.js';
import { TokenIntrospectionController } from './token-introspection/token-introspection.controller.js';

/** Other systems' shapes over the modules of this one: they translate, and no rule lives here. */
@Module({})
export class VendorContractsModule {
  /** @param imports the modules that are spoken to */
  static register(imports: ModuleMetadata['imports']): DynamicModule {
    return {
      module: VendorContractsModule,
      imports,
      controllers: [
        ApiClientsController,
        TokenIntrospectionController,
        TokenGenerationController,
        PamUsersController,
        OauthControllerController,
      ],
      providers: [ApiClients],
    };
  }
}
