import { randomUUID } from 'node:crypto';
import { aDevice, anAccount, aUser } from '../inventory/fixtures.js';
import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { CodeFlow, tokensOf } from '../support/code-flow.js';
import type { TestEnvironment } from '../support/create-test-environment.js';
import { atConsole } from '../support/first-party.js';
import { addPerson, type Person } from '../support/people.js';
import { codeOf, SECOND_FACTOR } from '../support/second-factors.js';

/** What is left to be used later, at another server on the same data. */
export interface LeftBehind {
  client: { id: string; secret: string };
  /** Of the client: one that is good, one that was revoked, and a JWT of another. */
  token: string;
  revokedToken: string;
  jwt: string;
  /** Of the code flow, for `flow`'s client. */
  refreshToken: string;
  flow: CodeFlow;
  person: Person;
  deviceId: string;
}

/**
 * Uses every feature that writes to the database or reads from it in a way of its own, so that each
 * table holds something in the end, and each statement was run. Once per database.
 */
export async function useEveryFeature(env: TestEnvironment): Promise<LeftBehind> {
  const { admin } = env;
  const api = '/api/v1';
  const must = async (status: number, answer: Promise<ApiResponse>) => {
    const { status: given, text, body } = await answer;
    if (given !== status) throw new Error(`Answered ${given}, not ${status}: ${text}`);
    return body;
  };

  await must(201, admin.post(`${api}/scopes`, { body: { name: 'reports:read', description: 'Reports' } }));
  await must(200, admin.patch(`${api}/scopes/reports:read`, { body: { description: 'All reports' } }));
  await must(201, admin.post(`${api}/scopes`, { body: { name: 'short-lived', description: 'Gone soon' } }));
  await must(204, admin.delete(`${api}/scopes/short-lived`));
  await must(200, admin.get(`${api}/scopes`));
  const made = await must(
    201,
    admin.post(`${api}/customers`, { body: { customer_id: '20002', name: 'Two' } }),
  );
  await must(200, admin.patch(`${api}/customers/20002`, { body: { name: 'The second' } }));
  await must(200, admin.get(`${api}/customers`));
  if (made.default_clients?.length === 0) throw new Error('A customer begins with two clients.');

  await must(201, admin.post('/inventory/v1/devices', { body: aDevice('d1') }));
  await must(201, admin.post('/inventory/v1/users', { body: aUser('u1') }));
  await must(201, admin.post('/inventory/v1/accounts', { body: anAccount('a1', { device_id: 'd1' }) }));
  await must(201, admin.post('/inventory/v1/accounts', { body: anAccount('a2') }));
  await must(204, admin.delete('/inventory/v1/accounts/a2'));

  const { body: registered } = await admin.post(`${api}/clients`, {
    body: { name: 'of an earlier version', scopes: ['devices:read', 'users:read', 'reports:read'] },
  });
  const client = { id: registered.client_id as string, secret: '' };
  const path = `${api}/clients/${client.id}`;
  await must(200, admin.patch(path, { body: { notes: 'Everything is tried with it.' } }));
  await must(200, admin.get(path));
  await must(200, admin.get(`${api}/clients?search=earlier&include=live_tokens&count=true&sort=-created_at`));
  const rotated = await must(201, admin.post(`${path}/secrets`, { body: { overlap: 60 } }));
  client.secret = rotated.client_secret;
  const { items: secrets } = await must(200, admin.get(`${path}/secrets`));
  await must(204, admin.delete(`${path}/secrets/${secrets.at(-1).id}`));
  const doomed = await env.registerClient();
  await must(204, admin.delete(`${api}/clients/${doomed.clientId}`));

  const { body: handed } = await admin.post(`${path}/tokens`, {
    body: { expires_in: 360_000, note: 'kept' },
  });
  const token = handed.access_token as string;
  const revokedToken = await env.token(client.id, client.secret);
  const bearer = ApiClient.bearer(env.url, token);
  const basic = ApiClient.basic(env.url, client.id, client.secret);
  const form = (fields: Record<string, string>) => ({ body: new URLSearchParams(fields) });
  for (const query of [
    '',
    '?sort=-name&limit=1',
    '?search=device&count=true',
    '?updated_since=2026-01-01T00:00:00Z',
  ])
    await must(200, bearer.get(`/pam/v1/devices${query.replace('search', 'name')}`));
  await must(200, bearer.get('/pam/v1/devices/d1'));
  await must(200, bearer.get('/pam/v1/devices', { headers: { accept: 'application/x-ndjson' } }));
  await must(403, bearer.get('/pam/v1/accounts'));
  await must(200, admin.post('/oauth2/introspect', form({ token })));
  await must(200, basic.post('/oauth2/revoke', form({ token: revokedToken })));
  await must(401, ApiClient.bearer(env.url, revokedToken).get('/pam/v1/devices'));
  await must(401, ApiClient.bearer(env.url, `${token.slice(0, -1)}~`).get('/pam/v1/devices'));
  await must(401, ApiClient.basic(env.url, client.id, 'a wrong secret of some length').get(`${api}/clients`));
  const { body: second } = await admin.post(`${path}/tokens`, { body: { expires_in: 60 } });
  await must(200, admin.get(`${api}/tokens/${second.id}`));
  await must(204, admin.delete(`${api}/tokens/${second.id}`));
  await must(200, admin.get(`${api}/tokens?client_id=${client.id}&status=revoked&count=true`));
  const signed = await env.registerClient({ access_token_format: 'jwt', scopes: ['devices:read'] });
  const jwt = await env.token(signed.clientId, signed.clientSecret);
  await must(200, ApiClient.bearer(env.url, jwt).get('/pam/v1/devices'));
  await must(200, env.anonymous.get('/oauth2/jwks'));
  const another = await env.registerClient();
  await must(204, admin.delete(`${api}/clients/${another.clientId}/tokens`));

  const person = await addPerson(env, { username: 'somebody', role: 'admin' });
  await must(200, admin.patch(`${api}/operators/${person.id}`, { body: { email: 'somebody@example.com' } }));
  await must(200, admin.get(`${api}/operators?search=some`));
  const leaver = await addPerson(env, { username: 'leaver' });
  await must(204, admin.delete(`${api}/operators/${leaver.id}`));
  const flow = await CodeFlow.of(env, {}, person);
  const code = await flow.code();
  const first = tokensOf(await flow.redeem(code));
  const { refreshToken } = tokensOf(await flow.refresh(first.refreshToken));
  await must(200, flow.browser.get('/oauth2/consents'));
  const replayed = await flow.other();
  const spent = await replayed.code();
  await replayed.redeem(spent);
  await must(400, replayed.redeem(spent));
  const withdrawn = await flow.other();
  await must(200, withdrawn.post('/oauth2/revoke', { token: (await withdrawn.tokens()).refreshToken }));
  const visitor = await addPerson(env, { username: 'visitor' });
  const { api: own, browser } = await atConsole(env, visitor);
  await must(200, own.get(`${api}/account`));
  await must(200, own.get(`${api}/account/sessions`));
  const factors = `${api}/account/second-factor`;
  const { secret } = await must(
    200,
    own.post(`${factors}/totp/begin`, { body: { current_password: visitor.password } }),
  );
  await must(201, own.post(`${factors}/totp`, { body: { code: codeOf(env, secret) } }));
  await must(200, own.get(factors));
  await browser.signOut();
  await must(303, browser.signIn(visitor.username, visitor.password));
  const page = await browser.get(SECOND_FACTOR);
  await must(403, browser.submit(page, SECOND_FACTOR, { code: codeOf(env, secret) }));
  const owner = await atConsole(env);
  await must(200, owner.api.put(`${api}/second-factor-policy`, { body: { required_roles: ['auditor'] } }));
  await flow.browser.get(`/oauth2/authorize?${new URLSearchParams({ client_id: randomUUID() })}`);

  await must(200, admin.get(`${api}/audit-events?type=access_token.issued&count=true`));
  await must(200, admin.get(`${api}/audit-events?outcome=failure&sort=-at&limit=5`));
  await must(200, admin.get(`${api}/audit-events`, { headers: { accept: 'application/x-ndjson' } }));
  return { client, token, revokedToken, jwt, refreshToken, flow, person, deviceId: 'd1' };
}
