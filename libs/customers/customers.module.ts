import { Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CustomerEntity } from './customer.entity.js';
import { CustomersController } from './customers.controller.js';
import { Customers } from './customers.js';

@Module({})
export class CustomersModule {
  /** @param ports binds DefaultClientsOfCustomer; `imports` brings the module that serves it */
  static register(imports: ModuleMetadata['imports'], ports: Provider[]): DynamicModule {
    return {
      module: CustomersModule,
      imports: [TypeOrmModule.forFeature([CustomerEntity]), ...(imports ?? [])],
      controllers: [CustomersController],
      providers: [...ports, Customers],
      exports: [Customers],
    };
  }
}
