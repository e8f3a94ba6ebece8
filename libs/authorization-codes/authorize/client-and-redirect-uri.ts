import { Injectable } from '@nestjs/common';
import { validityFault } from '#access-control';
import { Clock, Problem, type FormParameters } from '#http-api';
import { redirectUriMatches } from '#oauth-protocol';
import type { AnswerAddress } from '../authorization-responses.js';
import { AuthorizingClients, type AuthorizingClient } from '../authorizing-clients.port.js';

/** Bytes of `state` that are echoed. */
const MAX_STATE = 8192;

/** Who asks, and where he is answered. */
export interface Asking extends AnswerAddress {
  client: AuthorizingClient;
  /** Whether the request named the redirect URI; it must then come again with the code (RFC 6749 §4.1.3). */
  redirectUriSent: boolean;
}

/**
 * What must be beyond doubt before anything is sent anywhere (RFC 6749 §3.1.2.4, RFC 9700 §4.1.3):
 * until then an error is a page, never a redirect.
 */
@Injectable()
export class ClientAndRedirectUri {
  constructor(
    private readonly clients: AuthorizingClients,
    private readonly clock: Clock,
  ) {}

  /**
   * 1. `client_id` is that of one client, and this one may act now.
   * 2. `redirect_uri` is one that it registered, or it is absent and there is just one.
   * 3. `state` can be carried back.
   * @throws Problem 400
   */
  async check(parameters: FormParameters): Promise<Asking> {
    const client = await this.client(single(parameters, 'client_id'));
    const sent = single(parameters, 'redirect_uri');
    const redirectUri = sent === undefined ? onlyOne(client) : registered(client, sent);
    const state = parameters.get('state') || null;
    if (state !== null && Buffer.byteLength(state) > MAX_STATE)
      throw Problem.invalidField('state', `must not be longer than ${MAX_STATE} bytes`);
    return { client, redirectUri, redirectUriSent: sent !== undefined, state };
  }

  private async client(clientId: string | undefined): Promise<AuthorizingClient> {
    if (clientId === undefined) throw Problem.invalidField('client_id', 'is missing');
    const client = await this.clients.byClientId(clientId);
    if (!client || validityFault(client, this.clock.now())) throw noSuchClient();
    return client;
  }
}

/** In the same words whether there is none, or one that may not act. */
export function noSuchClient(): Problem {
  return Problem.invalidField('client_id', 'is of no application that may ask here now');
}

/** Whether a client registered a redirect URI: the exact string, but for the port of a loopback address. */
export function isRegistered(client: AuthorizingClient, redirectUri: string): boolean {
  return client.redirectUris.some((one) =>
    client.builtIn ? one === redirectUri : redirectUriMatches(one, redirectUri),
  );
}

function registered(client: AuthorizingClient, redirectUri: string): string {
  if (!isRegistered(client, redirectUri))
    throw Problem.invalidField('redirect_uri', 'is not registered for this application');
  return redirectUri;
}

function onlyOne({ redirectUris }: AuthorizingClient): string {
  if (redirectUris.length === 1) return redirectUris[0]!;
  throw Problem.invalidField(
    'redirect_uri',
    redirectUris.length === 0
      ? 'cannot be: this application has none registered'
      : 'is missing, and this application has more than one registered',
  );
}

/** RFC 6749 §3.1: without a value it counts as absent. @throws Problem where the parameter comes twice */
function single(parameters: FormParameters, name: string): string | undefined {
  if (!parameters.has(name)) return undefined;
  const value = parameters.get(name);
  if (value === undefined) throw Problem.invalidField(name, 'must not be repeated');
  return value || undefined;
}
