import { randomBytes, randomUUID } from 'node:crypto';

/** Whatever runs a statement. */
interface Session {
  query(sql: string, values: unknown[]): Promise<unknown>;
}

/** Rows that go together: each call makes its own. */
interface Family {
  n: string;
  customer: string;
  client: string;
  operator: string;
  grant: string;
  hash: Buffer;
}

type Write = [table: string, values: (family: Family) => Record<string, unknown>];

const now = new Date('2026-01-31T12:00:00.000Z');
const later = new Date('2026-01-31T13:00:00.000Z');

/** What an instance of each schema wrote to the tables that came with it, in the columns of its time. */
const WRITERS: Record<number, Write[]> = {
  1: [
    [
      'customers',
      ({ customer }) => ({ customer_id: customer, name: 'A customer', created_at: now, updated_at: now }),
    ],
    [
      'scopes',
      ({ n, customer }) => ({
        id: randomUUID(),
        customer_id: customer,
        name: `scope-${n}`,
        description: '',
        created_at: now,
        updated_at: now,
      }),
    ],
    [
      'clients',
      ({ n, customer, client }) => ({
        id: client,
        client_id: `client-${n}`,
        customer_id: customer,
        name: `client ${n}`,
        notes: '',
        active: true,
        scopes: ['devices:read'],
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'client_secret_basic',
        redirect_uris: [],
        require_pkce: true,
        access_token_format: 'opaque',
        access_token_ttl: 3600,
        refresh_token_ttl: 3600,
        allowed_cidrs: [],
        created_at: now,
        updated_at: now,
      }),
    ],
    [
      'client_secrets',
      ({ client }) => ({ id: randomUUID(), client, algorithm: 'sha256', hash: 'a hash', created_at: now }),
    ],
  ],
  2: [
    [
      'access_tokens',
      ({ n, hash, client, customer }) => ({
        id: randomUUID(),
        token_hash: hash,
        hint: 'pst_0000…0000',
        client,
        client_id: `client-${n}`,
        customer_id: customer,
        format: 'opaque',
        scopes: ['devices:read'],
        grant_type: 'client_credentials',
        issued_by: `client-${n}`,
        issued_at: now,
        expires_at: later,
      }),
    ],
  ],
  3: [
    [
      'audit_events',
      ({ n, customer }) => ({
        id: randomUUID(),
        at: now,
        type: 'access_token.issued',
        outcome: 'success',
        actor_kind: 'client',
        actor_id: `client-${n}`,
        client_id: `client-${n}`,
        customer_id: customer,
        detail: {},
      }),
    ],
  ],
  4: [
    [
      'users',
      ({ n, customer }) => ({
        customer_id: customer,
        id: 'u',
        username: n,
        role: 'user',
        authentication_method: 'ldap',
        mfa_enabled: true,
        group_ids: [],
        active: true,
        updated_at: now,
      }),
    ],
    [
      'devices',
      ({ n, customer }) => ({
        customer_id: customer,
        id: 'd',
        name: n,
        address: '10.0.0.1',
        platform: 'Debian 12',
        protocols: ['ssh'],
        ports: [22],
        group_ids: [],
        state: 'managed',
        updated_at: now,
      }),
    ],
    [
      'accounts',
      ({ n, customer }) => ({
        customer_id: customer,
        id: 'a',
        device_id: 'd',
        username: n,
        kind: 'local',
        privileged: true,
        state: 'managed',
        updated_at: now,
      }),
    ],
  ],
  5: [
    ['user_groups', ({ n, customer }) => ({ customer_id: customer, id: 'g', name: n, updated_at: now })],
    [
      'sessions',
      ({ customer }) => ({
        customer_id: customer,
        id: 's',
        user_id: 'u',
        source_address: '10.0.0.2',
        device_id: 'd',
        account_id: 'a',
        protocol: 'ssh',
        channel: 'shell',
        started_at: now,
        state: 'ended',
        recorded: true,
        commands: 3,
        updated_at: now,
      }),
    ],
  ],
  7: [
    [
      'operators',
      ({ n, customer, operator }) => ({
        id: operator,
        customer_id: customer,
        username: `person-${n}`,
        password_hash: 'a hash',
        role: 'user',
        active: true,
        created_at: now,
        updated_at: now,
      }),
    ],
  ],
  8: [
    [
      'authorization_grants',
      ({ grant, client, operator, customer }) => ({
        id: grant,
        client,
        operator,
        customer_id: customer,
        scopes: ['devices:read'],
        authenticated_at: now,
        created_at: now,
      }),
    ],
    [
      'refresh_tokens',
      ({ grant, hash }) => ({
        id: randomUUID(),
        token_hash: hash,
        grant_id: grant,
        scopes: ['devices:read'],
        issued_at: now,
        expires_at: later,
      }),
    ],
  ],
  9: [
    [
      'signing_keys',
      ({ n }) => ({
        kid: n,
        alg: 'ES256',
        public_key: {},
        private_key: 'sealed',
        created_at: now,
        signs_from: now,
      }),
    ],
  ],
  13: [['client_usage', ({ client }) => ({ client, hour: now, requests: 1, refusals: 0 })]],
  22: [
    [
      'operator_passkeys',
      ({ operator, hash }) => ({
        id: randomUUID(),
        operator,
        name: 'A key',
        credential_id: hash,
        public_key: hash,
        sign_count: 0,
        transports: ['usb'],
        created_at: now,
      }),
    ],
    ['operator_totps', ({ operator }) => ({ operator, secret: 'sealed', last_step: 1, created_at: now })],
    ['operator_recovery_codes', ({ operator, hash }) => ({ id: randomUUID(), operator, code_hash: hash })],
    [
      'second_factor_challenges',
      ({ operator, hash }) => ({
        id: randomUUID(),
        purpose: 'sign_in',
        bound_hash: hash,
        operator,
        operator_version: 1,
        webauthn_challenge: 'a challenge',
        attempts_left: 5,
        created_at: now,
        expires_at: later,
      }),
    ],
  ],
};

/**
 * Writes what instances of all schemas up to that one wrote.
 * @returns to which tables, a row each
 */
export async function writeAsUpTo(schema: number, session: Session): Promise<string[]> {
  const n = randomBytes(6).toString('hex');
  const [client, operator, grant] = [randomUUID(), randomUUID(), randomUUID()];
  const family = { n, customer: `customer-${n}`, client, operator, grant, hash: randomBytes(32) };
  const writes = Object.entries(WRITERS).flatMap(([since, some]) => (Number(since) <= schema ? some : []));
  for (const [table, values] of writes) {
    const row = values(family);
    const places = Object.keys(row).map((_, index) => `$${index + 1}`);
    await session.query(
      `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${places.join(', ')})`,
      Object.values(row),
    );
  }
  return writes.map(([table]) => table);
}
