import { pageErrorForm, type ErrorForm } from '#http-api';
import { oauthErrorFormAt } from '#tokens';
import { apiClientsErrorForm } from './api-clients/api-clients-answer.js';

/** How each of those systems words its errors. */
export const vendorErrorForms: ErrorForm[] = [
  apiClientsErrorForm,
  oauthErrorFormAt('/oauth/api/v2/token/'),
  oauthErrorFormAt('/pam/apps/autheticate/'),
  pageErrorForm('/osoc/api/oauthcontroller/authorize'),
  oauthErrorFormAt('/osoc/api/oauthcontroller/token'),
];
