import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_SCOPES, READ_SCOPES } from '#oauth-protocol';
import { ApiClient } from '../support/api-client.js';
import { aDevice, anAccount, aUser, ndjson } from '../inventory/fixtures.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

/** From the build, which has no data of its own. */
const SAMPLE = join(import.meta.dirname, '../../../libs/inventory/sample');
/** What every row of the other customer says somewhere, and no row of this one. */
const MARK = 'theirs-alone';
const PAM = [
  'user-groups',
  'device-groups',
  'users',
  'devices',
  'accounts',
  'tasks',
  'profiles',
  'sessions',
  'approvals',
];

let env: TestEnvironment;
let document: any;
/** Callers of this customer, with every scope but those for other customers; and the other customer's own. */
let ours: ApiClient;
let oursByBearer: ApiClient;
let theirs: ApiClient;
/** The other customer's ids, by the path parameter that takes them. */
let ids: {
  client: string;
  secret: string;
  token: string;
  operator: string;
  event: string;
  accessToken: string;
};

beforeAll(async () => {
  env = await createTestEnvironment({
    variables: { POSTERN_VAULT: 'true', POSTERN_MASTER_KEY: randomBytes(32).toString('base64') },
  });
  const everything = [...Object.keys(ADMIN_SCOPES), ...Object.keys(READ_SCOPES)].filter(
    (scope) => !scope.startsWith('customers:'),
  );
  const callerOf = async (customer_id: string, name: string) => {
    const { body } = await env.admin.post('/api/v1/clients', { body: { name, customer_id } });
    await env.database.query('UPDATE clients SET scopes = $2 WHERE client_id = $1', [
      body.client_id,
      everything,
    ]);
    return { basic: ApiClient.basic(env.url, body.client_id, body.client_secret), ...body };
  };
  await env.admin.post('/api/v1/customers', { body: { customer_id: '20002', name: MARK } });
  const our = await callerOf('10001', 'ours');
  const their = await callerOf('20002', MARK);
  ours = our.basic;
  oursByBearer = ApiClient.bearer(env.url, await env.token(our.client_id, our.client_secret));
  theirs = their.basic;
  const accessToken = await env.token(their.client_id, their.client_secret);
  await theirs.post('/api/v1/scopes', { body: { name: MARK, description: MARK } });
  const operator = await theirs.post('/api/v1/operators', {
    body: { username: MARK, password: 'twelve or more characters', role: 'user' },
  });
  document = (await env.anonymous.get('/openapi.json')).body;
  for (const name of PAM) {
    const rows = await readFile(join(SAMPLE, `${name}.ndjson`), 'utf8');
    const [first] = rows.split('\n');
    const { status, text } = await theirs.put(`/inventory/v1/${name}`, {
      body: `${rows}${JSON.stringify({ ...JSON.parse(first!), id: MARK })}\n`,
      headers: { 'content-type': 'application/x-ndjson' },
    });
    if (status !== 200) throw new Error(`${name}: ${status} ${text}`);
  }
  const { body: secrets } = await theirs.get(`/api/v1/clients/${their.client_id}/secrets`);
  const { body: tokens } = await theirs.get('/api/v1/tokens');
  const { body: events } = await theirs.get('/api/v1/audit-events');
  ids = {
    client: their.client_id,
    secret: secrets.items[0].id,
    token: tokens.items[0].id,
    operator: operator.body.id,
    event: events.items[0].id,
    accessToken,
  };
});
afterAll(() => env.close());

/** An address with the other customer's ids in it. */
function addressOf(path: string): string {
  const id = path.startsWith('/api/v1/tokens/')
    ? ids.token
    : path.startsWith('/api/v1/audit-events/')
      ? ids.event
      : path.startsWith('/api/v1/operators/')
        ? ids.operator
        : path.includes('/secrets/')
          ? ids.secret
          : MARK;
  return path
    .replace('{client_id}', ids.client)
    .replace('{customer_id}', '20002')
    .replace('{name}', MARK)
    .replace('{id}', id);
}

/** Every operation of the document whose address holds an id. */
/** Takes nobody but a person who is signed in; what others are told of his, test/operators/account says. */
const OF_ONESELF = '/api/v1/account/';

function operationsWithIds(): { method: string; path: string }[] {
  return Object.entries<any>(document.paths).flatMap(([path, item]) =>
    path.includes('{') && !path.startsWith(OF_ONESELF)
      ? Object.keys(item).map((method) => ({ method: method.toUpperCase(), path }))
      : [],
  );
}

describe('the other customer’s rows', () => {
  it('are there for the other customer', async () => {
    for (const path of ['/api/v1/clients/{client_id}', '/api/v1/tokens/{id}', '/api/v1/audit-events/{id}'])
      expect((await theirs.get(addressOf(path))).status).toBe(200);
    for (const name of PAM)
      expect((await ApiClient.bearer(env.url, ids.accessToken).get(`/pam/v1/${name}/${MARK}`)).status).toBe(
        200,
      );
  });

  it('are 404 at every address that takes an id, by every verb; customers are 403', async () => {
    const operations = operationsWithIds();
    expect(operations.length).toBeGreaterThan(35);
    const answers = [];
    for (const { method, path } of operations) {
      const bodies: Record<string, object> = { PATCH: {}, PUT: {}, POST: {} };
      const body = path.endsWith('/tokens') && method === 'POST' ? { expires_in: 60 } : bodies[method];
      const caller = path.startsWith('/pam/') ? oursByBearer : ours;
      const sent = path.startsWith('/api/v1/scopes/') && method === 'PATCH' ? { description: 'x' } : body;
      const { status } = await caller.request(method, addressOf(path), { body: sent });
      answers.push(`${method} ${path} ${status}`);
    }
    const expected = operations.map(
      ({ method, path }) => `${method} ${path} ${path.startsWith('/api/v1/customers/') ? 403 : 404}`,
    );
    expect(answers).toEqual(expected);
    expect((await theirs.get(addressOf('/api/v1/clients/{client_id}'))).status).toBe(200);
    expect((await theirs.get(addressOf('/api/v1/operators/{id}'))).status).toBe(200);
  });

  it('are in no list, whatever it is filtered and sorted by, nor in an export', async () => {
    const lists = Object.entries<any>(document.paths).filter(
      ([path, { get }]) =>
        get?.parameters?.some(({ name }: any) => name === 'limit') &&
        !path.includes('{') &&
        path !== '/api/v1/customers',
    );
    expect(lists.length).toBeGreaterThan(13);
    for (const [path, { get }] of lists) {
      const caller = path.startsWith('/pam/') ? oursByBearer : ours;
      const names: string[] = get.parameters.map(({ name }: any) => name);
      const queries = [
        'limit=1000&count=true',
        ...names
          .filter((name) => ['search', 'name', 'username'].includes(name))
          .map((name) => `${name}=${MARK}`),
        ...names.filter((name) => name === 'customer_id').map((name) => `${name}=20002`),
        ...names.filter((name) => name === 'client_id').map((name) => `${name}=${ids.client}`),
      ];
      for (const query of queries) {
        const { status, text } = await caller.get(`${path}?${query}`);
        expect([path, query, status]).toEqual([path, query, 200]);
        expect(text).not.toContain(MARK);
        expect(text).not.toContain('"20002"');
      }
      for (const accept of ['application/x-ndjson', 'text/csv']) {
        const { status, text } = await caller.get(path, { headers: { accept } });
        expect([200, 406]).toContain(status);
        expect(text).not.toContain(MARK);
      }
    }
  });

  it('are not reached by the other customer’s cursor', async () => {
    const bearer = ApiClient.bearer(env.url, ids.accessToken);
    for (const [path, their, our] of [
      ['/api/v1/clients', theirs, ours],
      ['/api/v1/audit-events', theirs, ours],
      ['/pam/v1/users', bearer, oursByBearer],
    ] as const) {
      const { body } = await their.get(`${path}?limit=1`);
      expect(body.next_cursor).toEqual(expect.any(String));
      const { status, text } = await our.get(`${path}?cursor=${body.next_cursor}&limit=1000`);
      expect(status).toBe(200);
      expect(text).not.toContain(MARK);
      expect(text).not.toContain('"20002"');
    }
  });

  it('are not active to introspection, nor this customer’s to revoke', async () => {
    const form = new URLSearchParams({ token: ids.accessToken });
    expect((await ours.post('/oauth2/introspect', { body: form })).body).toEqual({ active: false });
    expect((await oursByBearer.post('/oauth2/introspect', { body: form })).body).toEqual({ active: false });
    const revoked = await ours.post('/oauth2/revoke', { body: form });
    expect([revoked.status, revoked.body.error]).toEqual([400, 'unauthorized_client']);
    expect((await ApiClient.bearer(env.url, ids.accessToken).get('/pam/v1/users')).status).toBe(200);
  });

  it('are not touched by an import that replaces all', async () => {
    for (const [name, row] of [
      ['users', aUser('usr-0001')],
      ['devices', aDevice('dev-0001')],
      ['accounts', anAccount('acc-0001')],
    ] as const) {
      const { status, body } = await ours.put(`/inventory/v1/${name}?mode=replace`, {
        body: ndjson([row]),
        headers: { 'content-type': 'application/x-ndjson' },
      });
      expect([status, body.created]).toEqual([200, 1]);
    }
    for (const name of PAM)
      expect((await ApiClient.bearer(env.url, ids.accessToken).get(`/pam/v1/${name}/${MARK}`)).status).toBe(
        200,
      );
  });

  it('are counted in no total and named in no Link', async () => {
    for (const path of ['/api/v1/clients', '/api/v1/tokens', '/api/v1/operators', '/api/v1/audit-events']) {
      const all = await ours.get(`${path}?limit=1000&count=true`);
      expect([path, all.body.total]).toEqual([path, all.body.items.length]);
    }
    const { headers } = await ours.get('/api/v1/clients?limit=1&count=true');
    expect(headers.get('link')).not.toContain(MARK);
  });

  it('are to a reference, a filter and a guess what is not there', async () => {
    const theirAccount = { ...anAccount('acc-0002'), device_id: MARK };
    const missing = { ...anAccount('acc-0002'), device_id: 'nobody-has-this' };
    const answers = [];
    for (const [row, id] of [
      [theirAccount, MARK],
      [missing, 'nobody-has-this'],
    ] as const) {
      const { status, body } = await ours.put('/inventory/v1/accounts', {
        body: ndjson([row]),
        headers: { 'content-type': 'application/x-ndjson' },
      });
      const said = JSON.stringify({ ...body, request_id: '' });
      answers.push({ status, said: said.replaceAll(id, 'id') });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]!.said).toContain('refers to what is not there');
    const events = await ours.get(`/api/v1/audit-events?token_id=${ids.token}`);
    expect(events.body.items).toEqual([]);
    const scoped = await ours.post('/api/v1/clients', { body: { name: 'y', scopes: [MARK] } });
    expect([scoped.status, scoped.body.errors[0].message]).toEqual([400, 'is not a scope of the catalogue']);
  });

  it('leave their names to this customer: clients and scopes', async () => {
    expect((await ours.post('/api/v1/clients', { body: { name: MARK } })).status).toBe(201);
    const scope = { name: MARK, description: 'ours' };
    expect((await ours.post('/api/v1/scopes', { body: scope })).status).toBe(201);
  });

  it('cannot be made by this customer', async () => {
    const client = await ours.post('/api/v1/clients', { body: { name: 'x', customer_id: '20002' } });
    const person = await ours.post('/api/v1/operators', {
      body: { username: 'x', password: 'twelve or more characters', role: 'user', customer_id: '20002' },
    });
    for (const { status, body } of [client, person])
      expect([status, body.errors[0].field]).toEqual([400, 'customer_id']);
  });
});
