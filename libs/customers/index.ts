export { Customers } from './customers.js';
export { CustomersModule } from './customers.module.js';
