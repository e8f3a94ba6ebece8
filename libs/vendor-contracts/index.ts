export { vendorErrorForms } from './error-forms.js';
export { readAuthorizeHeader } from './pam-apps/authorize-header.js';
export { VendorContractsModule } from './vendor-contracts.module.js';
