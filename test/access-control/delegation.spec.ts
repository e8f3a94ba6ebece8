import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ApiClient } from '../support/api-client.js';
import { countOf } from '../support/audit-events.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';

/**
 * A client with tokens:write and clients:write alone cannot, in any number of steps, come to hold
 * an admin scope that it was not given.
 */

const CLIENTS = '/api/v1/clients';
const HELD = ['clients:write', 'tokens:write'];
/** What opens what: a call that succeeds only with the scope. */
const DOORS: Record<string, string> = {
  'clients:read': '/api/v1/clients?limit=1',
  'tokens:read': '/api/v1/tokens?limit=1',
  'scopes:read': '/api/v1/scopes?limit=1',
  'audit:read': '/api/v1/audit-events?limit=1',
};
const BEYOND = [
  'clients:read',
  'tokens:read',
  'tokens:introspect',
  'credentials:reveal',
  'scopes:read',
  'scopes:write',
  'audit:read',
  'operators:read',
  'operators:write',
  'customers:read',
  'customers:write',
  'inventory:write',
  'metrics:read',
  'onegini_api_admin',
  'onegini_api_token_introspection',
];

let env: TestEnvironment;
let neighbour: ApiClient;
beforeAll(async () => {
  env = await createTestEnvironment();
  neighbour = await env.addCustomer('20002');
});
afterAll(() => env.close());

/** The attacker, by its secret and by a token of its own. */
let own: { clientId: string; clientSecret: string; api: ApiClient };
let attackers: ApiClient[];
beforeEach(async () => {
  own = await env.registerClient({ scopes: [...HELD, 'devices:read'] });
  attackers = [own.api, ApiClient.basic(env.url, own.clientId, own.clientSecret)];
});

/** The admin scopes that these credentials open doors with, beyond the two. */
async function doorsOpen(api: ApiClient): Promise<string[]> {
  const open: string[] = [];
  for (const [scope, path] of Object.entries(DOORS))
    if ((await api.get(path)).status === 200) open.push(scope);
  if ((await api.post('/api/v1/scopes', { body: {} })).status !== 403) open.push('scopes:write');
  if ((await api.delete('/inventory/v1/users/nobody')).status !== 403) open.push('inventory:write');
  return open;
}

async function expectUnchanged(clientId: string, before: object): Promise<void> {
  expect((await env.admin.get(`${CLIENTS}/${clientId}`)).body).toMatchObject(before);
}

describe('a client with tokens:write and clients:write alone', () => {
  it('may do what these two are for', async () => {
    for (const api of attackers) {
      const { status, body } = await api.post(CLIENTS, { body: { name: unique('c') } });
      expect(status).toBe(201);
      const path = `${CLIENTS}/${body.client_id}`;
      expect((await api.patch(path, { body: { scopes: [...HELD, 'devices:read'] } })).status).toBe(200);
      expect((await api.post(`${path}/secrets`, { body: {} })).status).toBe(201);
      const token = await api.post(`${path}/tokens`, { body: { expires_in: 60 } });
      expect([token.status, await doorsOpen(ApiClient.bearer(env.url, token.body.access_token))]).toEqual([
        201,
        [],
      ]);
      expect((await api.delete(path)).status).toBe(204);
    }
  });

  it.each(BEYOND)(
    'cannot give %s, at registration or later, to itself or another, and each try is on record',
    async (scope) => {
      for (const api of attackers) {
        const before = await countOf(env, 'access_token.scope_denied');
        const name = unique('c');
        expect((await api.post(CLIENTS, { body: { name, scopes: [scope] } })).status).toBe(403);
        expect(
          (await api.post(CLIENTS, { body: { name, scopes: ['devices:read', ...HELD, scope] } })).status,
        ).toBe(403);
        expect(
          (await api.patch(`${CLIENTS}/${own.clientId}`, { body: { scopes: [...HELD, scope] } })).status,
        ).toBe(403);
        const { body } = await api.post(CLIENTS, { body: { name } });
        expect((await api.patch(`${CLIENTS}/${body.client_id}`, { body: { scopes: [scope] } })).status).toBe(
          403,
        );
        expect(await countOf(env, 'access_token.scope_denied')).toBe(before + 4);
      }
      await expectUnchanged(own.clientId, { scopes: [...HELD, 'devices:read'] });
    },
  );

  it.each([
    'Audit:read',
    'AUDIT:READ',
    'audit:Read',
    'audit:read ',
    ' audit:read',
    'audit:read\u0000',
    'audit:\u200bread',
    'аudit:read',
    '*',
    'audit:*',
  ])('gets nothing by the spelling %j', async (scope) => {
    const { status, body } = await own.api.post(CLIENTS, { body: { name: unique('c'), scopes: [scope] } });
    expect([status, body.code]).toEqual([400, 'invalid_request']);
  });

  it('gets nothing by a custom scope that is spelled like an admin scope', async () => {
    for (const name of ['Audit:read', 'audit:read/', 'audit:read,scopes:write']) {
      await env.admin.post('/api/v1/scopes', { body: { name, description: 'x' } });
      const { body } = await own.api.post(CLIENTS, { body: { name: unique('c'), scopes: [name] } });
      const token = await env.token(body.client_id, body.client_secret);
      expect(await doorsOpen(ApiClient.bearer(env.url, token))).toEqual([]);
    }
    expect(
      (await env.admin.post('/api/v1/scopes', { body: { name: 'audit:read', description: 'x' } })).status,
    ).toBe(409);
    expect((await own.api.post('/api/v1/scopes', { body: { name: 'x', description: 'x' } })).status).toBe(
      403,
    );
  });

  it('asks for no more than it has at the token endpoint', async () => {
    for (const scope of [...BEYOND, `${HELD.join(' ')} audit:read`])
      await expect(env.token(own.clientId, own.clientSecret, { scope })).rejects.toThrow('invalid_scope');
  });

  it('hands out no more than the client has, itself or another', async () => {
    for (const api of attackers) {
      const { body } = await api.post(CLIENTS, { body: { name: unique('c') } });
      for (const clientId of [own.clientId, body.client_id]) {
        for (const scope of BEYOND) {
          const path = `${CLIENTS}/${clientId}/tokens`;
          expect((await api.post(path, { body: { expires_in: 60, scopes: [scope] } })).status).toBe(400);
        }
      }
    }
  });

  it.each(BEYOND)('cannot touch a client that holds %s', async (scope) => {
    // Nobody here holds credentials:reveal, so nobody can give it by HTTP.
    const strong = await env.registerClient({ scopes: ['devices:read'] });
    await env.database.query('UPDATE clients SET scopes = $2 WHERE client_id = $1', [
      strong.clientId,
      ['devices:read', scope],
    ]);
    const path = `${CLIENTS}/${strong.clientId}`;
    const { body } = await env.admin.get(`${path}/secrets`);
    for (const api of attackers) {
      const tries = [
        await api.patch(path, { body: { notes: 'mine' } }),
        await api.patch(path, { body: { scopes: [] } }),
        await api.patch(path, { body: { allowed_cidrs: [] } }),
        await api.patch(path, { body: {} }),
        await api.delete(path),
        await api.post(`${path}/secrets`, { body: {} }),
        await api.post(`${path}/secrets`, { body: { client_secret: 'a secret of my own choice' } }),
        await api.post(`${path}/secrets`, { body: { overlap: 3600 } }),
        await api.delete(`${path}/secrets/${body.items[0].id}`),
        await api.post(`${path}/tokens`, { body: { expires_in: 60 } }),
        await api.post(`${path}/tokens`, { body: { expires_in: 60, scopes: [scope] } }),
        await api.post(`${path}/tokens`, { body: { expires_in: 60, scopes: ['devices:read'] } }),
      ];
      expect(tries.map(({ status }) => status)).toEqual(tries.map(() => 403));
    }
    await expectUnchanged(strong.clientId, { notes: '', scopes: ['devices:read', scope] });
    await env.token(strong.clientId, strong.clientSecret);
    expect((await env.admin.get(`${path}/secrets`)).body.items).toHaveLength(1);
  });

  it('cannot take over the administrator’s id', async () => {
    for (const api of attackers) {
      expect((await api.post(CLIENTS, { body: { name: unique('c'), client_id: 'test-admin' } })).status).toBe(
        409,
      );
      expect((await api.delete(`${CLIENTS}/test-admin`)).status).toBe(403);
    }
  });

  it('gains nothing by a narrow token of a stronger client', async () => {
    const strong = await env.registerClient({ scopes: [...HELD, 'audit:read'] });
    const narrow = ApiClient.bearer(
      env.url,
      await env.token(strong.clientId, strong.clientSecret, { scope: HELD.join(' ') }),
    );
    const path = `${CLIENTS}/${strong.clientId}`;
    expect((await narrow.post(`${path}/tokens`, { body: { expires_in: 60 } })).status).toBe(403);
    expect((await narrow.post(`${path}/tokens`, { body: { expires_in: 60, scopes: HELD } })).status).toBe(
      403,
    );
    expect((await narrow.post(`${path}/secrets`, { body: {} })).status).toBe(403);
    expect((await narrow.patch(path, { body: { scopes: HELD } })).status).toBe(403);
    expect((await narrow.post(CLIENTS, { body: { name: unique('c'), scopes: ['audit:read'] } })).status).toBe(
      403,
    );
    expect(await doorsOpen(narrow)).toEqual([]);
  });

  it('gains nothing by a token that was handed out before its client was given more', async () => {
    const { body } = await own.api.post(CLIENTS, { body: { name: unique('c'), scopes: HELD } });
    const early = await own.api.post(`${CLIENTS}/${body.client_id}/tokens`, { body: { expires_in: 600 } });
    await env.admin.patch(`${CLIENTS}/${body.client_id}`, { body: { scopes: [...HELD, 'audit:read'] } });
    expect(await doorsOpen(ApiClient.bearer(env.url, early.body.access_token))).toEqual([]);
  });

  it('gains nothing by deleting a client and registering its id again', async () => {
    const client_id = unique('twice');
    await own.api.post(CLIENTS, { body: { name: unique('c'), client_id, scopes: HELD } });
    const { body: token } = await own.api.post(`${CLIENTS}/${client_id}/tokens`, {
      body: { expires_in: 600 },
    });
    expect((await own.api.delete(`${CLIENTS}/${client_id}`)).status).toBe(204);
    await env.admin.post(CLIENTS, {
      body: { name: unique('c'), client_id, scopes: [...HELD, 'audit:read'] },
    });
    expect((await ApiClient.bearer(env.url, token.access_token).get('/api/v1/audit-events')).status).toBe(
      401,
    );
    expect((await own.api.post(`${CLIENTS}/${client_id}/tokens`, { body: { expires_in: 60 } })).status).toBe(
      403,
    );
  });

  it('holds no alias for what it has in part, and may give one that it has in whole', async () => {
    for (const scopes of [['onegini_api_admin'], ['clients:read']])
      expect((await own.api.post(CLIENTS, { body: { name: unique('c'), scopes } })).status).toBe(403);
    const whole = await env.registerClient({ scopes: ['clients:read', 'clients:write'] });
    const given = await whole.api.post(CLIENTS, {
      body: { name: unique('c'), scopes: ['onegini_api_admin'] },
    });
    expect(given.status).toBe(201);
    const alias = ApiClient.basic(env.url, given.body.client_id, given.body.client_secret);
    expect((await alias.get(CLIENTS)).status).toBe(200);
    expect(
      (await alias.post(CLIENTS, { body: { name: unique('c'), scopes: ['clients:read'] } })).status,
    ).toBe(201);
    for (const scope of ['tokens:write', 'onegini_api_token_introspection', 'tokens:introspect'])
      expect((await alias.post(CLIENTS, { body: { name: unique('c'), scopes: [scope] } })).status).toBe(403);
    // The alias is more than one of its parts.
    const part = await env.registerClient({ scopes: ['clients:write', 'tokens:write'] });
    expect((await part.api.post(`${CLIENTS}/${given.body.client_id}/secrets`, { body: {} })).status).toBe(
      403,
    );
  });

  it('wins no race against who strengthens a client', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { body } = await env.admin.post(CLIENTS, {
        body: { name: unique('c'), scopes: ['devices:read'] },
      });
      const path = `${CLIENTS}/${body.client_id}`;
      const [, handed, rotated] = await Promise.all([
        env.admin.patch(path, { body: { scopes: ['devices:read', 'audit:read'] } }),
        own.api.post(`${path}/tokens`, { body: { expires_in: 60 } }),
        own.api.post(`${path}/secrets`, { body: {} }),
      ]);
      expect([201, 403]).toContain(handed.status);
      expect([201, 403]).toContain(rotated.status);
      if (handed.status === 201)
        expect(await doorsOpen(ApiClient.bearer(env.url, handed.body.access_token))).toEqual([]);
    }
  });
});

describe('another customer’s client', () => {
  it('is not there: 404, never 403', async () => {
    const { body } = await neighbour.post(CLIENTS, { body: { name: unique('n') } });
    const { body: token } = await neighbour.post(`${CLIENTS}/${body.client_id}/tokens`, {
      body: { expires_in: 600 },
    });
    const { body: secrets } = await neighbour.get(`${CLIENTS}/${body.client_id}/secrets`);
    const strong = await env.registerClient({
      scopes: ['clients:read', 'clients:write', 'tokens:read', 'tokens:write', 'scopes:read', 'audit:read'],
    });
    const path = `${CLIENTS}/${body.client_id}`;
    const id = secrets.items[0].id;
    const tries = [
      await strong.api.get(path),
      await strong.api.patch(path, { body: { notes: 'x' } }),
      await strong.api.patch(path, { body: { scopes: ['customers:write'] } }),
      await strong.api.delete(path),
      await strong.api.get(`${path}/secrets`),
      await strong.api.post(`${path}/secrets`, { body: {} }),
      await strong.api.delete(`${path}/secrets/${id}`),
      await strong.api.get(`${path}/tokens`),
      await strong.api.post(`${path}/tokens`, { body: { expires_in: 60 } }),
      await strong.api.delete(`${path}/tokens`),
      await strong.api.get(`/api/v1/tokens/${token.id}`),
      await strong.api.delete(`/api/v1/tokens/${token.id}`),
    ];
    expect(tries.map(({ status }) => status)).toEqual(tries.map(() => 404));
    const missing = await strong.api.get(`${CLIENTS}/nobody-at-all`);
    expect(tries[0]!.body).toEqual({ ...missing.body, request_id: tries[0]!.body.request_id });
    const alive = ApiClient.bearer(env.url, token.access_token);
    expect((await alive.get('/pam/v1/devices')).status).toBe(200);
    for (const list of [
      `${CLIENTS}?client_id=${body.client_id}`,
      `/api/v1/tokens?client_id=${body.client_id}`,
    ])
      expect((await strong.api.get(list)).body.items).toEqual([]);
  });

  it('cannot be made, and its cursor leads nowhere', async () => {
    for (const customer_id of ['20002', 'nobody']) {
      const { status, body } = await own.api.post(CLIENTS, { body: { name: unique('c'), customer_id } });
      expect([status, body.errors[0]]).toEqual([
        400,
        { field: 'customer_id', message: 'is not a customer of yours' },
      ]);
    }
    for (let i = 0; i < 3; i += 1) await neighbour.post(CLIENTS, { body: { name: unique('n') } });
    const { body: page } = await neighbour.get(`${CLIENTS}?limit=1&sort=-name`);
    const strong = await env.registerClient({ scopes: ['clients:read'] });
    const { status, body } = await strong.api.get(
      `${CLIENTS}?limit=100&sort=-name&cursor=${page.next_cursor}`,
    );
    expect(status).toBe(200);
    expect(new Set(body.items.map((item: any) => item.customer_id))).not.toContain('20002');
  });
});

describe('any number of steps', () => {
  type Step = { how: string; at: number; scopes: string[] };
  const scopes = fc.subarray([
    ...HELD,
    'devices:read',
    'audit:read',
    'clients:read',
    'tokens:read',
    'scopes:write',
    'onegini_api_admin',
    'onegini_api_token_introspection',
  ]);
  const step: fc.Arbitrary<Step> = fc.record({
    how: fc.constantFrom('create', 'patch', 'rotate', 'handOut', 'mint', 'delete', 'recreate', 'basic'),
    at: fc.nat(20),
    scopes,
  });

  it('give no admin scope beyond the two', async () => {
    const strong = await env.registerClient({
      scopes: [...HELD, 'audit:read', 'scopes:write', 'clients:read', 'tokens:read'],
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        const me = await env.registerClient({ scopes: HELD });
        const known = [
          { id: me.clientId, secret: me.clientSecret as string | undefined },
          { id: strong.clientId, secret: undefined },
          { id: 'test-admin', secret: undefined },
        ];
        const hands: ApiClient[] = [me.api];
        for (const { how, at, scopes: wanted } of steps) {
          const api = hands[at % hands.length]!;
          const target = known[at % known.length]!;
          const path = `${CLIENTS}/${target.id}`;
          const kept = (token?: string) => token && hands.push(ApiClient.bearer(env.url, token));
          if (how === 'create') {
            const { body } = await api.post(CLIENTS, { body: { name: unique('p'), scopes: wanted } });
            if (body.client_id) known.push({ id: body.client_id, secret: body.client_secret });
          } else if (how === 'patch') await api.patch(path, { body: { scopes: wanted } });
          else if (how === 'rotate') {
            const { body } = await api.post(`${path}/secrets`, { body: { overlap: 60 } });
            target.secret = body.client_secret ?? target.secret;
          } else if (how === 'handOut') {
            const body = { expires_in: 60, ...(wanted.length > 0 ? { scopes: wanted } : {}) };
            kept((await api.post(`${path}/tokens`, { body })).body.access_token);
          } else if (how === 'mint' && target.secret) {
            const body = new URLSearchParams({ grant_type: 'client_credentials', scope: wanted.join(' ') });
            kept(
              (await ApiClient.basic(env.url, target.id, target.secret).post('/oauth2/token', { body })).body
                .access_token,
            );
          } else if (how === 'delete' && target.id !== me.clientId) await api.delete(path);
          else if (how === 'recreate') {
            const { body } = await api.post(CLIENTS, {
              body: { name: unique('p'), client_id: target.id, scopes: wanted },
            });
            target.secret = body.client_secret ?? target.secret;
          } else if (how === 'basic' && target.secret)
            hands.push(ApiClient.basic(env.url, target.id, target.secret));
        }
        for (const hand of new Set(hands)) expect(await doorsOpen(hand)).toEqual([]);
        await env.token(strong.clientId, strong.clientSecret);
      }),
      { numRuns: 40 },
    );
  });
});
