export { apiClientsErrorForm } from './api-clients/api-clients-answer.js';
export { readAuthorizeHeader } from './pam-apps/authorize-header.js';
export { VendorContractsModule } from './vendor-contracts.module.js';
