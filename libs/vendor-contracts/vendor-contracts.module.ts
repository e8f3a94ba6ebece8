import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { ApiClients } from './api-clients/api-clients.js';
import { ApiClientsController } from './api-clients/api-clients.controller.js';
import { PamUsersController } from './pam-apps/pam-users.controller.js';

/** Other systems' shapes over the modules of this one: they translate, and no rule lives here. */
@Module({})
export class VendorContractsModule {
  /** @param imports the modules that are spoken to */
  static register(imports: ModuleMetadata['imports']): DynamicModule {
    return {
      module: VendorContractsModule,
      imports,
      controllers: [ApiClientsController, PamUsersController],
      providers: [ApiClients],
    };
  }
}
