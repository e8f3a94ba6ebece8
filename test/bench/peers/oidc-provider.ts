import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, type JWK } from 'oidc-provider';

/** node-oidc-provider with its in-memory store: the peer of the token and introspection rows. */
const CLIENT = { client_id: 'bench', client_secret: 'a secret for loopback only, and for no one else' };
const LIFETIME = 3600;

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
const server = createServer().listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const provider = new Provider(issuer, {
  clients: [
    { ...CLIENT, grant_types: ['client_credentials'], redirect_uris: [], response_types: [], scope: 'read' },
  ],
  scopes: ['read'],
  jwks: { keys: [{ ...key, use: 'sig', alg: 'RS256' } as JWK] },
  ttl: { ClientCredentials: LIFETIME },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    // What is asked for under this resource is a JWT; anything else is opaque.
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope: 'read',
        audience: 'urn:postern:bench',
        accessTokenTTL: LIFETIME,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
});
server.on('request', provider.callback());
const authorization = Buffer.from(`${CLIENT.client_id}:${encodeURIComponent(CLIENT.client_secret)}`).toString(
  'base64',
);
process.stdout.write(`ready ${issuer} Basic ${authorization}\n`);
