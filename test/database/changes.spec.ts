import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { CodeFlow } from '../support/code-flow.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { eventually } from '../support/eventually.js';
import { addPerson } from '../support/people.js';

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment();
});
afterAll(() => env.close());

/** Columns that say what was, or what it is called: nothing that is remembered is judged by them. */
const NOTED: Record<string, string[]> = {
  access_tokens: [
    'id',
    'hint',
    'sealed',
    'format',
    'grant_type',
    'grant_id',
    'note',
    'issued_by',
    'last_used_at',
    'last_used_ip',
  ],
  clients: [
    'id',
    'notes',
    'built_in',
    'created_at',
    'updated_at',
    'last_used_at',
    'authorization_redirect_uri',
    'authorization_code_hint',
    'authorization_code_sealed',
    'authorization_code_created_at',
    'authorization_access_token_hint',
    'authorization_access_token_sealed',
    'authorization_token_created_at',
    'authorization_passthru_user',
  ],
  client_secrets: ['id', 'sealed', 'created_at', 'last_used_at'],
  operators: ['id', 'email', 'password_hash', 'version', 'created_at', 'updated_at', 'last_signed_in_at'],
};

/** What tells of changes, in the names of the database. */
interface Trigger {
  table: string;
  name: string;
  inserts: boolean;
  deletes: boolean;
  empties: boolean;
  updates: boolean;
  columns: string[];
}

async function triggers(): Promise<Trigger[]> {
  const { rows } = await env.database.query<Trigger>(
    `SELECT t.tgrelid::regclass::text AS table, t.tgname AS name, t.tgtype & 4 > 0 AS inserts,
       t.tgtype & 8 > 0 AS deletes, t.tgtype & 16 > 0 AS updates, t.tgtype & 32 > 0 AS empties,
       ARRAY(SELECT attname::text FROM pg_attribute
         WHERE attrelid = t.tgrelid AND attnum = ANY (t.tgattr) ORDER BY 1) AS columns
     FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE NOT t.tgisinternal AND p.prosrc LIKE '%postern_changes%'`,
  );
  return rows;
}

async function columnsOf(table: string): Promise<string[]> {
  const { rows } = await env.database.query<{ name: string }>(
    `SELECT column_name::text AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = $1 ORDER BY 1`,
    [table],
  );
  return rows.map(({ name }) => name);
}

describe.each(Object.keys(NOTED))('what is told of %s', (table) => {
  const of = async () => (await triggers()).filter((trigger) => trigger.table === table);

  it('is each change of every column that is not merely noted', async () => {
    const watched = (await columnsOf(table)).filter((column) => !NOTED[table]!.includes(column));
    const updating = (await of()).filter(({ updates }) => updates);
    expect(updating).not.toHaveLength(0);
    for (const { name, columns } of updating) expect({ name, columns }).toEqual({ name, columns: watched });
  });

  it('is its removal, one by one or all at once', async () => {
    expect((await of()).filter(({ deletes }) => deletes)).toHaveLength(table === 'clients' ? 2 : 1);
    expect((await of()).filter(({ empties }) => empties)).toHaveLength(1);
  });
});

it('a secret that is added to a client is told of', async () => {
  const adding = (await triggers()).filter(({ inserts }) => inserts);
  expect(adding.map(({ table }) => table)).toEqual(['client_secrets']);
});

/** What a client can do, as it is asked again and again. */
interface Uses {
  clientId: string;
  /** The status of a read with the access token. */
  reads: () => Promise<number>;
  /** The status of a request for another token with the secret. */
  obtains: () => Promise<number>;
}

/** A client whose token and secret have been used, so that both are remembered. */
async function warmClient(): Promise<Uses> {
  const { clientId, clientSecret, api } = await env.registerClient({ scopes: ['devices:read'] });
  const form = { body: new URLSearchParams({ grant_type: 'client_credentials' }) };
  const basic = ApiClient.basic(env.url, clientId, clientSecret);
  const uses = {
    clientId,
    reads: async () => (await api.get('/pam/v1/devices')).status,
    obtains: async () => (await basic.post('/oauth2/token', form)).status,
  };
  for (let time = 0; time < 3; time += 1) {
    expect(await uses.reads()).toBe(200);
    expect(await uses.obtains()).toBe(200);
  }
  return uses;
}

async function becomes(status: number, use: () => Promise<number>): Promise<void> {
  await eventually(async () => (await use()) === status);
  for (let time = 0; time < 3; time += 1) expect(await use()).toBe(status);
}

const PAST = `'2001-01-01T00:00:00Z'`;
const OF_CLIENT = `client = (SELECT id FROM clients WHERE client_id = $1)`;

describe('a change by plain SQL is in force as soon as it is heard', () => {
  it.each<[string, string, { reads?: number; obtains?: number }]>([
    [
      'a client is deactivated',
      'UPDATE clients SET active = false WHERE client_id = $1',
      { reads: 401, obtains: 401 },
    ],
    ['a client is removed', 'DELETE FROM clients WHERE client_id = $1', { reads: 401, obtains: 401 }],
    [
      'a client’s time has ended',
      `UPDATE clients SET valid_until = ${PAST} WHERE client_id = $1`,
      { reads: 401, obtains: 401 },
    ],
    [
      'a client may call from elsewhere only',
      `UPDATE clients SET allowed_cidrs = '{192.0.2.0/24}' WHERE client_id = $1`,
      { obtains: 401 },
    ],
    [
      'a client’s scopes are others',
      `UPDATE clients SET scopes = '{users:read}' WHERE client_id = $1`,
      { reads: 403 },
    ],
    [
      'a client is registered without a secret',
      `UPDATE clients SET token_endpoint_auth_method = 'none' WHERE client_id = $1`,
      { obtains: 401 },
    ],
    [
      'a token is revoked',
      `UPDATE access_tokens SET revoked_at = now() WHERE client_id = $1`,
      { reads: 401, obtains: 200 },
    ],
    [
      'a token’s scopes are others',
      `UPDATE access_tokens SET scopes = '{users:read}' WHERE client_id = $1`,
      { reads: 403 },
    ],
    [
      'a token has expired',
      `UPDATE access_tokens SET expires_at = ${PAST} WHERE client_id = $1`,
      { reads: 401 },
    ],
    ['a token is removed', 'DELETE FROM access_tokens WHERE client_id = $1', { reads: 401, obtains: 200 }],
    [
      'a secret has expired',
      `UPDATE client_secrets SET expires_at = ${PAST} WHERE ${OF_CLIENT}`,
      { reads: 200, obtains: 401 },
    ],
    ['a secret is removed', `DELETE FROM client_secrets WHERE ${OF_CLIENT}`, { reads: 200, obtains: 401 }],
  ])('%s', async (_, sql, expected) => {
    const changed = await warmClient();
    const neighbour = await warmClient();
    await env.database.query(sql, [changed.clientId]);
    if (expected.reads) await becomes(expected.reads, changed.reads);
    if (expected.obtains) await becomes(expected.obtains, changed.obtains);
    expect([await neighbour.reads(), await neighbour.obtains()]).toEqual([200, 200]);
  });

  it('scopes that are given back can be used again, and a client that is active again can be', async () => {
    const { clientId, reads, obtains } = await warmClient();
    await env.database.query(`UPDATE clients SET scopes = '{}' WHERE client_id = $1`, [clientId]);
    await becomes(403, reads);
    await env.database.query(`UPDATE clients SET scopes = '{devices:read}' WHERE client_id = $1`, [clientId]);
    await becomes(200, reads);
    await env.database.query('UPDATE clients SET active = false WHERE client_id = $1', [clientId]);
    await becomes(401, obtains);
    await env.database.query('UPDATE clients SET active = true WHERE client_id = $1', [clientId]);
    await becomes(200, obtains);
    await becomes(200, reads);
  });

  it('all tokens are removed at once', async () => {
    const { reads } = await warmClient();
    await env.database.query('TRUNCATE access_tokens');
    await becomes(401, reads);
  });

  it.each([
    ['a person is deactivated', 'UPDATE operators SET active = false WHERE id = $1', 401],
    ['a person is removed', 'DELETE FROM operators WHERE id = $1', 401],
    ['a person is of another customer', `UPDATE operators SET customer_id = '20002' WHERE id = $1`, 403],
  ])('%s', async (_, sql, status) => {
    await env.database.query(
      `INSERT INTO customers (customer_id, name, created_at, updated_at)
       VALUES ('20002', 'another', now(), now()) ON CONFLICT DO NOTHING`,
    );
    const person = await addPerson(env);
    const flow = await CodeFlow.of(env, {}, person);
    const { accessToken } = await flow.tokens();
    const reads = () => flow.reads(accessToken);
    for (let time = 0; time < 3; time += 1) expect(await reads()).toBe(200);
    await env.database.query(sql, [person.id]);
    await becomes(status, reads);
  });
});
