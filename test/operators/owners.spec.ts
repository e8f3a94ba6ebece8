import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_SCOPES } from '#oauth-protocol';
import { asking, CALLBACK, codeClient, codeFor, VERIFIER, type CodeClient } from '../authorize/asking.js';
import { ApiClient } from '../support/api-client.js';
import { auditEvents } from '../support/audit-events.js';
import { Browser, signedIn } from '../support/browser.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import { addPerson, type Person } from '../support/people.js';

const OPERATORS = '/api/v1/operators';
const PASSWORD = 'twelve or more characters';

let env: TestEnvironment;
let client: CodeClient;
/** The first owner: his id, and what he calls with. */
let owner: { id: string; api: ApiClient };
beforeAll(async () => {
  env = await createTestEnvironment();
  client = await codeClient(env, { scopes: ['operators:read'] });
  // All that an owner has, as the built-in clients have it: no client could give that.
  await env.database.query('UPDATE clients SET scopes = $2 WHERE client_id = $1', [
    client.clientId,
    Object.keys(ADMIN_SCOPES),
  ]);
  const { body } = await env.admin.get(`${OPERATORS}?role=owner`);
  owner = { id: body.items[0].id, api: await callerFor(env.ownerCredentials) };
});
afterAll(() => env.close());

const at = (id: string) => `${OPERATORS}/${id}`;

/** With an access token that a person gave the client. */
async function callerFor(person: Pick<Person, 'username' | 'password'>): Promise<ApiClient> {
  const browser = await signedIn(env, person);
  const code = await codeFor(browser, asking(client.clientId, { scope: undefined }));
  const { body, text } = await ApiClient.basic(env.url, client.clientId, client.clientSecret).post(
    '/oauth2/token',
    {
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: CALLBACK,
        code_verifier: VERIFIER,
      }),
    },
  );
  if (!body.access_token) throw new Error(`No token was given: ${text}`);
  return ApiClient.bearer(env.url, body.access_token);
}

describe('an owner', () => {
  it('makes, changes and removes owners, and the events name him', async () => {
    const username = unique('owner');
    const made = await owner.api.post(OPERATORS, { body: { username, password: PASSWORD, role: 'owner' } });
    expect([made.status, made.body.role]).toEqual([201, 'owner']);
    const [event] = await auditEvents(env, 'operator.created');
    expect(event).toMatchObject({ actor: { kind: 'operator', id: 'owner' }, client_id: client.clientId });
    expect((await owner.api.patch(at(made.body.id), { body: { email: 'o@example.com' } })).status).toBe(200);
    expect((await owner.api.delete(at(made.body.id))).status).toBe(204);
  });

  it.each([
    ['demoted', 'PATCH', { role: 'admin' }, 'role'],
    ['deactivated', 'PATCH', { active: false }, 'active'],
    ['removed', 'DELETE', undefined, 'id'],
  ] as const)('who is the last active one is not %s', async (_, method, body, field) => {
    // One who is not active, and an administrator, are no owners.
    const idle = await addPerson(env, { role: 'owner', active: false });
    await addPerson(env, { role: 'admin' });
    const answer = await owner.api.request(method, at(owner.id), { body });
    expect([answer.status, answer.body.errors?.[0].field]).toEqual([409, field]);
    expect((await owner.api.get(at(owner.id))).body).toMatchObject({ role: 'owner', active: true });
    // The one who does nothing for it may go.
    expect((await owner.api.delete(at(idle.id))).status).toBe(204);
  });

  it('remains, however many demote, deactivate and remove each other at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const others = await Promise.all([1, 2].map(() => addPerson(env, { role: 'owner' })));
      const everybody = [owner.id, ...others.map(({ id }) => id)];
      const answers = await Promise.all(
        everybody.map((id, index) => {
          const how = (index + round) % 3;
          if (how === 0) return owner.api.patch(at(id), { body: { role: 'user' } });
          if (how === 1) return owner.api.patch(at(id), { body: { active: false } });
          return owner.api.delete(at(id));
        }),
      );
      const { rows } = await env.database.query<{ id: string }>(
        `SELECT id FROM operators WHERE role = 'owner' AND active`,
      );
      // More than one where whoever asked was removed before his turn came.
      expect(rows.length).toBeGreaterThanOrEqual(1);
      expect(answers.filter(({ status }) => status < 300).length).toBeLessThanOrEqual(2);
      for (const { status } of answers) expect([200, 204, 401, 403, 409]).toContain(status);
      await restore();
    }
  });
});

/** The first owner as he was, and nobody else. */
async function restore(): Promise<void> {
  await env.database.query('DELETE FROM operators WHERE id <> $1', [owner.id]);
  const { rows } = await env.database.query<{ hash: string }>(
    `UPDATE operators SET role = 'owner', active = true WHERE id = $1 RETURNING password_hash AS hash`,
    [owner.id],
  );
  if (!rows[0]) {
    // He was removed: another one has his name and password.
    const person = await addPerson(env, { ...env.ownerCredentials, role: 'owner' });
    owner.id = person.id;
  }
  owner.api = await callerFor(env.ownerCredentials);
}

describe('who is no owner', () => {
  it.each(['admin', 'auditor', 'user'])('as %s changes no people, whatever the client may', async (role) => {
    const person = await addPerson(env, { role });
    const browser = await signedIn(env, person);
    const scope = 'operators:read operators:write';
    if (role !== 'auditor') {
      await expect(codeFor(browser, asking(client.clientId, { scope }))).rejects.toThrow();
      return;
    }
    const api = await callerFor(person);
    expect((await api.get(OPERATORS)).status).toBe(200);
    const other = await addPerson(env);
    const body = { username: unique('x'), password: PASSWORD, role: 'user' };
    expect((await api.post(OPERATORS, { body })).status).toBe(403);
    expect((await api.patch(at(person.id), { body: { role: 'owner' } })).status).toBe(403);
    expect((await api.delete(at(other.id))).status).toBe(403);
  });

  it('any more has no more than his new role with the token that he has', async () => {
    const person = await addPerson(env, { role: 'owner' });
    const api = await callerFor(person);
    expect((await api.post(OPERATORS, { body: {} })).status).toBe(400);
    expect((await owner.api.patch(at(person.id), { body: { role: 'auditor' } })).status).toBe(200);
    expect((await api.get(OPERATORS)).status).toBe(200);
    expect((await api.post(OPERATORS, { body: {} })).status).toBe(403);
  });
});

it('a person who is deactivated or removed has no token any more, at the very next call', async () => {
  for (const method of ['PATCH', 'DELETE']) {
    const person = await addPerson(env, { role: 'owner' });
    const api = await callerFor(person);
    expect((await api.get(OPERATORS)).status).toBe(200);
    const body = method === 'PATCH' ? { active: false } : undefined;
    expect((await owner.api.request(method, at(person.id), { body })).status).toBeLessThan(300);
    expect((await api.get(OPERATORS)).status).toBe(401);
    const answer = await new Browser(env.url).signIn(person.username, person.password);
    expect(answer.status).toBe(403);
  }
  const [event] = await auditEvents(env, 'operator.deleted');
  expect(event.detail.tokens_revoked).toBe(1);
});
