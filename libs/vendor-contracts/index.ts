export { apiClientsErrorForm } from './api-clients/api-clients-answer.js';
export { VendorContractsModule } from './vendor-contracts.module.js';
