export { Customers } from './customers.js';
export { CustomersModule } from './customers.module.js';
export { DefaultClientsOfCustomer, type DefaultClientOfCustomer } from './default-clients.port.js';
