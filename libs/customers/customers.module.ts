import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CustomerEntity } from './customer.entity.js';
import { Customers } from './customers.js';

@Module({
  imports: [TypeOrmModule.forFeature([CustomerEntity])],
  providers: [Customers],
  exports: [Customers],
})
export class CustomersModule {}
