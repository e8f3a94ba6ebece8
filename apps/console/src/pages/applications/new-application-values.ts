import type { components } from '../../api/schema';
import type { AssuranceValues } from '../application/assurance/assurance-values';

/** What the API is sent. */
export type NewApplicationBody = components['schemas']['CreateClientDto'];

/** By the API's names. Empty: the server's default. */
export interface NewApplicationValues extends Record<string, unknown>, AssuranceValues {
  name: string;
  notes: string;
  scopes: string[];
  grant_types: string[];
  /** One a line. */
  redirect_uris: string;
  client_id: string;
  client_secret: string;
  access_token_ttl: number | string;
  active: boolean;
  customer_id: string;
}
