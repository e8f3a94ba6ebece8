import { PeerProcess } from '../child.js';
import { comparisonOf, sideBySide, type Target } from '../load.js';
import type { BenchRow, Result } from '../row.js';
import { FORM, tokenTarget } from '../token-target.js';
import type { BenchClient, World } from '../world.js';

const SUPPLIED_SECRET = 'a secret that somebody chose, for loopback';
const PEER = 'node-oidc-provider in memory';

const isJwt = (body: string): boolean => body.startsWith('{"access_token":"eyJ');
const isAny = (body: string): boolean => body.startsWith('{"access_token":"');

const ours = (world: World, client: BenchClient, isRight?: Target['isRight']) =>
  tokenTarget(`${world.url}/oauth2/token`, client.authorization, isRight);

/** Client credentials, opaque, durable before the answer; by a generated secret, and by a supplied one. */
export const token: BenchRow = {
  name: 'token',
  engines: ['postgres', 'embedded'],
  async run(world): Promise<Result[]> {
    const { duration } = world.options;
    const peer = await PeerProcess.start('oidc-provider');
    const generated = ours(world, await world.client({ name: 'generated secret' }));
    const supplied = ours(
      world,
      await world.client({ name: 'supplied secret', client_secret: SUPPLIED_SECRET }),
    );
    const theirs = tokenTarget(`${peer.url}/token`, peer.details, isAny, { scope: 'read' });
    const beside = await sideBySide(generated, theirs, duration);
    await peer.stop();
    const secrets = await sideBySide(supplied, generated, duration);
    return [
      comparisonOf('token, client credentials, opaque', beside, PEER, 2),
      comparisonOf('token, by a supplied (bcrypt) secret', secrets, 'by a generated secret', 0.95),
    ];
  },
};

/** The same as JWTs: ES256 here, RS256 there. */
export const jwt: BenchRow = {
  name: 'jwt',
  engines: ['postgres', 'embedded'],
  async run(world): Promise<Result[]> {
    const peer = await PeerProcess.start('oidc-provider');
    const client = await world.client({ name: 'jwt', access_token_format: 'jwt' });
    const theirs = tokenTarget(`${peer.url}/token`, peer.details, isJwt, {
      scope: 'read',
      resource: 'urn:postern:bench',
    });
    const beside = await sideBySide(ours(world, client, isJwt), theirs, world.options.duration);
    await peer.stop();
    return [comparisonOf('token, client credentials, JWT (ES256)', beside, `${PEER}, RS256`, 3)];
  },
};

/** RFC 7662, of a live token, by a client that authenticates each time. */
export const introspection: BenchRow = {
  name: 'introspection',
  engines: ['postgres', 'embedded'],
  async run(world): Promise<Result[]> {
    const peer = await PeerProcess.start('oidc-provider');
    const reader = await world.client({ name: 'introspected' });
    const asker = await world.client({ name: 'asker', scopes: ['tokens:introspect'] });
    const isActive = (body: string) => body.startsWith('{"active":true,');
    const asks = (url: string, authorization: string, accessToken: string): Target => ({
      url,
      method: 'POST',
      headers: { ...FORM, authorization },
      body: new URLSearchParams({ token: accessToken }).toString(),
      isRight: isActive,
    });
    const response = await fetch(`${peer.url}/token`, {
      method: 'POST',
      headers: { authorization: peer.details },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'read' }),
    });
    const theirToken = ((await response.json()) as { access_token: string }).access_token;
    const beside = await sideBySide(
      asks(`${world.url}/oauth2/introspect`, asker.authorization, await world.token(reader)),
      asks(`${peer.url}/token/introspection`, peer.details, theirToken),
      world.options.duration,
    );
    await peer.stop();
    return [comparisonOf('introspection', beside, PEER, 2)];
  },
};
