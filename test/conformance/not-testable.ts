import type { Source } from './requirement-title.js';

/** A requirement that no test from outside can hold Postern to, with why that is so and what Postern does for it. */
export interface NotTestable {
  source: Source;
  section: string;
  sentence: string;
  because: string;
}

const TLS =
  'TLS ends in front of Postern, at a reverse proxy. With an https `POSTERN_PUBLIC_URL`, which is the issuer, every address in the metadata is https and every cookie is `Secure` and `__Host-`.';

export const NOT_TESTABLE: NotTestable[] = [
  {
    source: 6749,
    section: '2.3.1, 3.1, 3.2, 10.3, 10.4, 10.8, 10.9, 10.11',
    sentence: 'the authorization server MUST require the use of TLS',
    because: TLS,
  },
  {
    source: 6750,
    section: '5.2',
    sentence:
      'the authorization server MUST implement TLS; between front-end and back-end servers, sufficient measures MUST be employed to ensure confidentiality of the token',
    because: TLS,
  },
  {
    source: 7009,
    section: '2',
    sentence: 'the authorization server MUST use Transport Layer Security',
    because: TLS,
  },
  {
    source: 7662,
    section: '2, 4',
    sentence: 'the introspection endpoint MUST be protected by a transport-layer security mechanism',
    because: TLS,
  },
  {
    source: 'FAPI 2.0',
    section: '5.2.1, 5.2.2',
    sentence:
      'shall only offer TLS protected endpoints, by TLS 1.2 or later, with the recommended cipher suites, and should use DNSSEC',
    because: `${TLS} Its cipher suites and the DNS are the proxy’s and the zone’s: Caddy in deploy/compose offers TLS 1.2 and 1.3 with those suites alone.`,
  },
  {
    source: 9126,
    section: '2',
    sentence: 'the pushed authorization request endpoint URL MUST use the "https" scheme',
    because: TLS,
  },
  {
    source: 9700,
    section: '4.13',
    sentence:
      'a reverse proxy MUST sanitize any inbound requests; the link between it and the application server MUST be protected against eavesdropping, injection, and replay',
    because:
      'This binds whoever runs the proxy. Postern believes `X-Forwarded-*` of the addresses in `POSTERN_TRUSTED_PROXIES` alone, none by default (a test shows that).',
  },
];

/** Where Postern does otherwise, on purpose. */
export const DEVIATIONS: NotTestable[] = [
  {
    source: 6750,
    section: '3',
    sentence: 'This scheme MUST be followed by one or more auth-param values.',
    because:
      'Every challenge that has something to say has them (a test shows that). A request without any credentials gets a bare `Bearer`, which RFC 9110 §11.6.1 allows: §3.1 wants no error there, and Postern has no realms.',
  },
  {
    source: 9068,
    section: '2.1',
    sentence:
      'Authorization servers and resource servers conforming to this specification MUST include RS256 among their supported signature algorithms.',
    because:
      'Postern signs with ES256 or EdDSA, as the client chooses: shorter signatures, keys made in no time, and no padding to get wrong. A resource server finds the keys, with their `alg`, at `jwks_uri`.',
  },
  {
    source: 9700,
    section: '4.11.2',
    sentence:
      'The authorization server MUST always authenticate the user first and, with the exception of the silent authentication use case, prompt the user for credentials when needed, before redirecting the user.',
    because:
      'No code leaves without that. An error in the request itself (RFC 6749 §4.1.2.1) goes to the client at once, as client libraries expect it: redirection URIs are registered by administrators alone, who trust them, and there is no registration by strangers (a test shows that).',
  },
];
