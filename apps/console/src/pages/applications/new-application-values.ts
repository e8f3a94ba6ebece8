import type { components } from '../../api/schema';

/** What the API is sent. */
export type NewApplicationBody = components['schemas']['CreateClientDto'];

/** By the API's names. Empty: the server's default. */
export interface NewApplicationValues extends Record<string, unknown> {
  name: string;
  notes: string;
  scopes: string[];
  grant_types: string[];
  token_endpoint_auth_method: string;
  /** One a line. */
  redirect_uris: string;
  client_id: string;
  client_secret: string;
  access_token_ttl: number | string;
  active: boolean;
  customer_id: string;
}
