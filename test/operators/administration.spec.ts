import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { auditEvents, countOf } from '../support/audit-events.js';
import { Browser, signedIn } from '../support/browser.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import { addPerson } from '../support/people.js';

const OPERATORS = '/api/v1/operators';
const PASSWORD = 'twelve or more characters';

let env: TestEnvironment;
/** Another customer's, with all that there is for people. */
let neighbour: ApiClient;
beforeAll(async () => {
  env = await createTestEnvironment();
  await env.addCustomer('20002');
  const { body } = await env.admin.post('/api/v1/clients', {
    body: { name: unique('n'), customer_id: '20002', scopes: ['operators:read', 'operators:write'] },
  });
  neighbour = ApiClient.basic(env.url, body.client_id, body.client_secret);
});
afterAll(() => env.close());

const at = (id: string) => `${OPERATORS}/${id}`;
const ownerOf = async () => (await env.admin.get(`${OPERATORS}?role=owner&active=true`)).body.items[0];

describe('adding a person', () => {
  it('answers him without his password, and he can sign in', async () => {
    const username = unique('Ada');
    const answer = await env.admin.post(OPERATORS, {
      body: { username, password: PASSWORD, role: 'auditor', email: 'ada@example.com' },
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.any(String),
      username,
      email: 'ada@example.com',
      role: 'auditor',
      active: true,
      second_factor: false,
      customer_id: '10001',
      created_at: expect.any(String),
      updated_at: expect.any(String),
      last_signed_in_at: null,
    });
    expect(answer.headers.get('location')).toBe(at(answer.body.id));
    expect(answer.headers.get('etag')).toBe(`"${answer.body.id}.1"`);
    await signedIn(env, { username: username.toUpperCase(), password: PASSWORD });
    const read = await env.admin.get(at(answer.body.id));
    expect(read.body.last_signed_in_at).toEqual(expect.any(String));
    expect(read.headers.get('etag')).toBe(answer.headers.get('etag'));
    const [event] = await auditEvents(env, 'operator.created');
    expect(event).toMatchObject({ outcome: 'success', detail: { username, role: 'auditor' } });
    const everything = `${answer.text}${read.text}${(await env.admin.get(OPERATORS)).text}${JSON.stringify(event)}`;
    expect(everything).not.toMatch(/twelve or more|\$2b\$|hash"?:"?\$/);
  });

  it.each([
    ['no password', { password: undefined }, 'password'],
    ['a password of eleven characters', { password: 'a'.repeat(11) }, 'password'],
    ['a password of 257 characters', { password: 'a'.repeat(257) }, 'password'],
    ['a password of blanks', { password: ' '.repeat(12) }, 'password'],
    [
      'a password that is the username',
      { username: 'Ada-Lovelace-12', password: 'ada-lovelace-12' },
      'password',
    ],
    ['a password that is no text', { password: 123456789012 }, 'password'],
    ['no username', { username: undefined }, 'username'],
    ['a username with a space', { username: 'a b' }, 'username'],
    ['a username of 65 characters', { username: 'a'.repeat(65) }, 'username'],
    ['a username with a line end', { username: 'ada\n' }, 'username'],
    ['no role', { role: undefined }, 'role'],
    ['a role that is none', { role: 'root' }, 'role'],
    ['a role of the prototype', { role: 'constructor' }, 'role'],
    ['an address that is none', { email: 'not an address' }, 'email'],
    ['active in words', { active: 'yes' }, 'active'],
    ['a customer that is none', { customer_id: 'nobody' }, 'customer_id'],
    ['an id of his own', { id: '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f' }, 'id'],
    ['a hash', { password_hash: '$2b$10$' }, 'password_hash'],
    ['a version', { version: 7 }, 'version'],
  ])('refuses %s, and names the field', async (_, fields, field) => {
    const body = { username: unique('bad'), password: PASSWORD, role: 'user', ...fields };
    const answer = await env.admin.post(OPERATORS, { body });
    expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([400, field]);
    expect(answer.text).not.toContain('$2b$');
  });

  it('takes a password of twelve characters beyond the BMP, and of 256', async () => {
    for (const password of ['🔑'.repeat(12), '🔑'.repeat(256), ' a password with blanks around ']) {
      const { username } = await addPerson(env, { password });
      await signedIn(env, { username, password });
    }
  });

  it('takes a username once over all customers, without case', async () => {
    const username = unique('once');
    await addPerson(env, { username });
    for (const api of [env.admin, neighbour]) {
      const { status, body } = await api.post(OPERATORS, {
        body: { username: username.toUpperCase(), password: PASSWORD, role: 'user' },
      });
      expect([status, body.errors[0].field]).toEqual([409, 'username']);
    }
  });
});

describe('the list', () => {
  it('finds people by each filter, and in each order', async () => {
    const stem = unique('find');
    await addPerson(env, { username: `${stem}.b`, role: 'auditor', email: `${stem}@example.com` });
    await addPerson(env, { username: `${stem}.a`, active: false });
    const names = async (query: string) =>
      (await env.admin.get(`${OPERATORS}?username=${stem}&${query}`)).body.items.map(
        (item: any) => item.username.split('.')[1],
      );
    expect(await names('')).toEqual(['a', 'b']);
    expect(await names('sort=-username')).toEqual(['b', 'a']);
    expect(await names('role=auditor')).toEqual(['b']);
    expect(await names('active=false')).toEqual(['a']);
    expect(await names(`search=${stem.toUpperCase()}@EXAMPLE`)).toEqual(['b']);
    expect(await names('customer_id=20002')).toEqual([]);
    for (const sort of [
      'email',
      'role',
      'active',
      'customer_id',
      'created_at',
      'updated_at',
      'last_signed_in_at',
    ])
      expect(await names(`sort=${sort}`)).toHaveLength(2);
    for (const query of ['role=root', 'sort=password_hash', 'password_hash=x', 'active=maybe'])
      expect((await env.admin.get(`${OPERATORS}?${query}`)).status).toBe(400);
  });
});

describe('changing a person', () => {
  it('changes what is sent, with the event, and counts the entity tag on', async () => {
    const { id, username } = await addPerson(env);
    const answer = await env.admin.patch(at(id), {
      body: { role: 'auditor', email: 'new@example.com' },
      headers: { 'if-match': `"${id}.1"` },
    });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, `"${id}.2"`]);
    expect(answer.body).toMatchObject({ username, role: 'auditor', email: 'new@example.com', active: true });
    const [event] = await auditEvents(env, 'operator.updated');
    expect(event.detail).toEqual({ username, role: 'auditor', fields: ['role', 'email'] });
    const cleared = await env.admin.patch(at(id), { body: { email: null } });
    expect(cleared.body.email).toBeNull();
    const stale = await env.admin.patch(at(id), {
      body: { role: 'user' },
      headers: { 'if-match': `"${id}.1"` },
    });
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition_failed']);
    expect((await env.admin.delete(at(id), { headers: { 'if-match': `"${id}.1"` } })).status).toBe(412);
    expect((await env.admin.patch(at(id), { body: {} })).headers.get('etag')).toBe(`"${id}.3"`);
  });

  it.each([{ username: 'other' }, { customer_id: '20002' }, { id: 'x' }, { role: null }, { password: null }])(
    'refuses %j',
    async (body) => {
      const { id } = await addPerson(env);
      const answer = await env.admin.patch(at(id), { body });
      expect([answer.status, answer.body.errors[0].field]).toEqual([400, Object.keys(body)[0]]);
      const { username } = (await env.admin.get(at(id))).body;
      const same = await env.admin.patch(at(id), { body: { password: username.toUpperCase() } });
      expect(same.status).toBe(400);
    },
  );

  it('with a new password ends his sessions; the old one is none any more', async () => {
    const person = await addPerson(env);
    const browser = await signedIn(env, person);
    const password = 'another password of his';
    expect((await env.admin.patch(at(person.id), { body: { password } })).status).toBe(200);
    expect((await browser.get('/oauth2/sign-in')).text).not.toContain('signed in as');
    expect((await new Browser(env.url).signIn(person.username, person.password)).status).toBe(403);
    await signedIn(env, { ...person, password });
    const [event] = await auditEvents(env, 'operator.updated');
    expect(event.detail.fields).toEqual(['password']);
    expect(JSON.stringify(event)).not.toContain(password);
  });

  it('to inactive ends his session at the very next request, and he signs in no more', async () => {
    const person = await addPerson(env);
    const browser = await signedIn(env, person);
    await env.admin.patch(at(person.id), { body: { active: false } });
    expect((await browser.get('/oauth2/sign-in')).text).not.toContain('signed in as');
    const refused = await new Browser(env.url).signIn(person.username, person.password);
    expect(refused.status).toBe(403);
    // The session does not come back with him.
    await env.admin.patch(at(person.id), { body: { active: true } });
    expect((await browser.get('/oauth2/sign-in')).text).not.toContain('signed in as');
    await signedIn(env, person);
  });
});

describe('removing a person', () => {
  it('ends his sessions; his name is free, and another one with it is another', async () => {
    const person = await addPerson(env);
    const browser = await signedIn(env, person);
    expect((await env.admin.delete(at(person.id))).status).toBe(204);
    expect((await browser.get('/oauth2/sign-in')).text).not.toContain('signed in as');
    expect((await env.admin.get(at(person.id))).status).toBe(404);
    const [event] = await auditEvents(env, 'operator.deleted');
    expect(event.detail).toEqual({ username: person.username, tokens_revoked: 0 });
    await addPerson(env, { username: person.username });
    expect((await browser.get('/oauth2/sign-in')).text).not.toContain('signed in as');
  });
});

describe('a client', () => {
  it('makes, changes and removes no owner; each try is on record', async () => {
    const before = await countOf(env, 'access_token.scope_denied');
    const owner = await ownerOf();
    const { id } = await addPerson(env, { role: 'admin' });
    const tries = [
      await env.admin.post(OPERATORS, { body: { username: unique('o'), password: PASSWORD, role: 'owner' } }),
      await env.admin.patch(at(id), { body: { role: 'owner' } }),
      await env.admin.patch(at(owner.id), { body: { password: PASSWORD } }),
      await env.admin.patch(at(owner.id), { body: { email: 'me@example.com' } }),
      await env.admin.patch(at(owner.id), { body: { role: 'user' } }),
      await env.admin.patch(at(owner.id), { body: {} }),
      await env.admin.delete(at(owner.id)),
    ];
    expect(tries.map(({ status, body }) => [status, body.code])).toEqual(tries.map(() => [403, 'forbidden']));
    expect(await countOf(env, 'access_token.scope_denied')).toBe(before + tries.length);
    const [event] = await auditEvents(env, 'access_token.scope_denied');
    expect(event).toMatchObject({
      actor: { kind: 'client', id: 'test-admin' },
      detail: { required: 'role:owner' },
    });
    expect(await ownerOf()).toEqual(owner);
    await signedIn(env);
  });

  it('needs the scope to see people, and the other to change them', async () => {
    const reader = await env.registerClient({ scopes: ['operators:read'] });
    const writer = await env.registerClient({ scopes: ['operators:write'] });
    const { id } = await addPerson(env);
    const body = { username: unique('x'), password: PASSWORD, role: 'user' };
    expect((await reader.api.get(OPERATORS)).status).toBe(200);
    expect((await reader.api.get(at(id))).status).toBe(200);
    expect((await reader.api.post(OPERATORS, { body })).status).toBe(403);
    expect((await reader.api.patch(at(id), { body: {} })).status).toBe(403);
    expect((await reader.api.delete(at(id))).status).toBe(403);
    expect((await writer.api.get(OPERATORS)).status).toBe(403);
    expect((await writer.api.get(at(id))).status).toBe(403);
    expect((await writer.api.post(OPERATORS, { body })).status).toBe(201);
  });

  it('makes and takes over nobody who could do more than itself', async () => {
    const writer = await env.registerClient({ scopes: ['operators:write'] });
    const { id } = await addPerson(env, { role: 'admin' });
    const before = await countOf(env, 'access_token.scope_denied');
    const tries = [
      await writer.api.post(OPERATORS, {
        body: { username: unique('x'), password: PASSWORD, role: 'admin' },
      }),
      await writer.api.post(OPERATORS, {
        body: { username: unique('x'), password: PASSWORD, role: 'auditor' },
      }),
      await writer.api.patch(at(id), { body: { password: PASSWORD } }),
      await writer.api.delete(at(id)),
    ];
    expect(tries.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(await countOf(env, 'access_token.scope_denied')).toBe(before + tries.length);
  });

  it('of another customer sees nobody of this one: 404, never 403', async () => {
    const { id } = await addPerson(env);
    const { id: owner } = await ownerOf();
    const nobody = await neighbour.get(at('019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f'));
    for (const one of [id, owner]) {
      const tries = [
        await neighbour.get(at(one)),
        await neighbour.patch(at(one), { body: { role: 'user' } }),
        await neighbour.patch(at(one), { body: { password: PASSWORD } }),
        await neighbour.delete(at(one)),
      ];
      expect(tries.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
      expect(tries[0]!.body.detail).toBe(nobody.body.detail);
    }
    expect((await neighbour.get(OPERATORS)).body.items).toEqual([]);
    const strange = await neighbour.post(OPERATORS, {
      body: { username: unique('x'), password: PASSWORD, role: 'user', customer_id: '10001' },
    });
    expect([strange.status, strange.body.errors[0].field]).toEqual([400, 'customer_id']);
    const own = await neighbour.post(OPERATORS, {
      body: { username: unique('x'), password: PASSWORD, role: 'user' },
    });
    expect([own.status, own.body.customer_id]).toEqual([201, '20002']);
    // The administrator has customers:write.
    expect((await env.admin.patch(at(own.body.id), { body: { role: 'auditor' } })).status).toBe(200);
  });

  it.each(['x', '1', "' OR 1=1", '%00'])('is told that %s is no id', async (id) => {
    const { status, body } = await env.admin.get(at(encodeURIComponent(id)));
    expect([status, body.code]).toEqual([400, 'invalid_request']);
  });
});
