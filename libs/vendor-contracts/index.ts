export { vendorErrorForms } from './error-forms.js';
export { readAuthorizeHeader } from './pam-apps/authorize-header.js';
export { asServed } from './pam-apps/spelled-paths.js';
export { VendorContractsModule } from './vendor-contracts.module.js';
