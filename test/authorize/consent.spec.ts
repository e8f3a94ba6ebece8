import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { auditEvents } from '../support/audit-events.js';
import { ApiClient } from '../support/api-client.js';
import { Browser, signedIn } from '../support/browser.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { addPerson, type Person } from '../support/people.js';
import {
  answerOf,
  asking,
  CALLBACK,
  codeClient,
  codeFor,
  openConsent,
  VERIFIER,
  type CodeClient,
  type Parameters,
} from './asking.js';

let env: TestEnvironment;
let client: CodeClient;
let person: Person;
let browser: Browser;

beforeAll(async () => {
  env = await createTestEnvironment();
});
beforeEach(async () => {
  client = await codeClient(env, { scopes: ['users:read', 'devices:read', 'clients:read', 'clients:write'] });
  person = await addPerson(env, { role: 'admin' });
  browser = await signedIn(env, person);
});
afterAll(() => env.close());

const ask = (scope: string, to = client) => openConsent(browser, asking(to.clientId, { scope }));
const allow = (scope: string, to = client) => codeFor(browser, asking(to.clientId, { scope }));
const isAsked = async (scope: string, to = client) => (await ask(scope, to)).status === 200;

describe('consent is remembered for a confidential client', () => {
  it('and no more scopes than before', async () => {
    await allow('users:read devices:read');
    expect(await isAsked('users:read devices:read')).toBe(false);
    expect(await isAsked('users:read')).toBe(false);
    expect(await isAsked('users:read clients:read')).toBe(true);
    await allow('clients:read');
    expect(await isAsked('users:read devices:read clients:read')).toBe(false);
  });

  it('of one person, and one client', async () => {
    await allow('users:read');
    const other = await codeClient(env);
    expect(await isAsked('users:read', other)).toBe(true);
    browser = await signedIn(env, await addPerson(env));
    expect(await isAsked('users:read')).toBe(true);
  });

  it('not where it was denied', async () => {
    await browser.submit(await ask('users:read'), '/oauth2/consent', { decision: 'deny' });
    expect(await isAsked('users:read')).toBe(true);
  });

  it('not for a public client: that is asked for each time', async () => {
    const open = await codeClient(env, { token_endpoint_auth_method: 'none' });
    await allow('users:read', open);
    expect(await isAsked('users:read', open)).toBe(true);
  });

  it('and by no more than the role allows by now', async () => {
    await allow('users:read clients:read');
    await env.admin.patch(`/api/v1/operators/${person.id}`, { body: { role: 'user' } });
    browser = await signedIn(env, person);
    expect((await ask('users:read clients:read')).status).toBe(303);
    const [event] = await auditEvents(env, 'authorization_code.issued');
    expect(event).toMatchObject({ detail: { scopes: ['users:read'] } });
  });
});

describe('what can be given', () => {
  it.each([
    ['owner', ['users:read', 'clients:read', 'clients:write', 'credentials:reveal']],
    ['admin', ['users:read', 'clients:read', 'clients:write']],
    ['auditor', ['users:read', 'clients:read']],
    ['user', ['users:read']],
  ])('is what the role of %s allows', async (role, expected) => {
    const all = ['users:read', 'clients:read', 'clients:write'];
    const wide = await codeClient(env, { scopes: all });
    // No client but the owner's may give this one.
    await env.database.query(
      `UPDATE clients SET scopes = scopes || '{credentials:reveal}' WHERE client_id = $1`,
      [wide.clientId],
    );
    browser = await signedIn(env, await addPerson(env, { role }));
    const { text } = await openConsent(browser, asking(wide.clientId, { scope: undefined }));
    const shown = [...text.matchAll(/<li>.*?<code>(.*?)<\/code>/gs)].map(([, scope]) => scope);
    expect(shown).toEqual(expected);
  });

  it('is nothing, where the role allows none of it: access_denied', async () => {
    browser = await signedIn(env, await addPerson(env, { role: 'user' }));
    const { parameters } = answerOf(await ask('clients:write'));
    expect(parameters).toMatchObject({ error: 'access_denied', state: 'state-1' });
    expect(parameters.error_description).toContain('The role user');
  });

  it('is not another customer’s, but by whoever sees all customers', async () => {
    await env.addCustomer('30003').catch(() => undefined);
    const foreign = await codeClient(env, { customer_id: '30003' });
    expect(answerOf(await ask('users:read', foreign)).parameters.error).toBe('access_denied');
    browser = await signedIn(env);
    await allow('users:read', foreign);
    const { rows } = await env.database.query(
      'SELECT g.customer_id FROM authorization_grants g JOIN clients c ON c.id = g.client WHERE c.client_id = $1',
      [foreign.clientId],
    );
    expect(rows).toEqual([{ customer_id: '30003' }]);
  });

  it('goes to a built-in client of ours without a question, for the person’s own customer', async () => {
    const redirect_uri = `${env.url}/docs/oauth2-redirect.html`;
    const own = (changes: Parameters = {}) => asking('postern-swagger-ui', { redirect_uri, ...changes });
    await env.addCustomer('40004');
    const neighbour = await addPerson(env, { customer_id: '40004' });
    browser = await signedIn(env, neighbour);
    const answer = await openConsent(browser, own());
    expect(answerOf(answer)).toMatchObject({ to: redirect_uri, parameters: { code: expect.any(String) } });
    const [event] = await auditEvents(env, 'authorization_code.issued');
    expect(event).toMatchObject({ customer_id: '40004', actor: { id: neighbour.username } });
    expect((await openConsent(browser, own({ prompt: 'consent' }))).status).toBe(200);
  });

  it('goes from a built-in client nowhere but to this server: any port is not enough', async () => {
    for (const redirect_uri of [
      '/docs/oauth2-redirect.html',
      `${env.url.replace(/:\d+$/, ':1')}/docs/oauth2-redirect.html`,
      `${env.url}/docs/../docs/oauth2-redirect.html`,
    ]) {
      const query = asking('postern-swagger-ui', { redirect_uri });
      const { status, location } = await browser.get(`/oauth2/authorize?${query}`);
      expect([status, location]).toEqual([400, null]);
    }
  });
});

describe('the page', () => {
  it('says what can change things, and what only reads', async () => {
    const { text } = await ask('users:read clients:write');
    const items = [...text.matchAll(/<li>(.*?)<\/li>/gs)].map(([, item]) => item!);
    expect(items.map((item) => item.includes('<strong>Administration:</strong>'))).toEqual([false, true]);
    expect(items[1]).toContain('Register, change and delete API applications');
  });

  it('shows custom scopes by what their customer says of them, escaped', async () => {
    const name = '<img/src=x/onerror=alert(1)>';
    await env.admin.post('/api/v1/scopes', { body: { name, description: '<script>alert(2)</script>' } });
    const custom = await codeClient(env, { name: '"><script>alert(3)</script>', scopes: [name] });
    const { text } = await ask(name, custom);
    expect(text).toContain('&#60;script&#62;alert(2)');
    expect(text).not.toMatch(/<script|<img/);
  });

  it('runs no script, is in no frame, is kept by nobody, and its form ends at the client alone', async () => {
    const { headers } = await ask('users:read');
    const csp = headers.get('content-security-policy')!;
    expect(csp.split('; ')).toEqual([
      "default-src 'none'",
      expect.stringMatching(/^style-src 'sha256-[A-Za-z0-9+/=]+'$/),
      "form-action 'self' https://app.example.com",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
  });

  it.each([
    ['http://127.0.0.1:5000/cb', 'http://127.0.0.1:5000', '127.0.0.1:5000'],
    // CSP has no way to write an IPv6 address.
    ['http://[::1]:5000/cb', 'http:', '[::1]:5000'],
    ['com.example.app:/cb', 'com.example.app:', 'com.example.app:'],
  ])('lets its form end at %s, and names it', async (redirect_uri, source, shown) => {
    const open = await codeClient(env, { token_endpoint_auth_method: 'none', redirect_uris: [redirect_uri] });
    const { headers, text } = await openConsent(browser, asking(open.clientId, { redirect_uri }));
    expect(headers.get('content-security-policy')).toContain(`form-action 'self' ${source};`);
    expect(text).toContain(`<code>${shown}</code>`);
  });

  it('is one that a screen reader and a phone can use, without a script', async () => {
    const { text } = await ask('users:read');
    expect(text).toContain('<html lang="en">');
    expect(text).toContain('name="viewport"');
    expect(text).toMatch(/<h1>.+<\/h1>/);
    expect(text).toContain('<button type="submit" name="decision" value="allow">');
    expect(text).toContain('<button type="submit" name="decision" value="deny"');
  });

  it('lets somebody else sign in, and goes on with the request', async () => {
    const page = await ask('users:read');
    const out = await browser.submit(page, '/oauth2/sign-out');
    expect(out.location).toMatch(/^\/oauth2\/sign-in\?request=/);
    const other = await addPerson(env);
    const back = await browser.signIn(other.username, other.password, out.location!.split('=')[1]);
    const anew = await browser.get(back.location!);
    expect(anew.text).toContain(other.username);
    const answer = await browser.submit(anew, '/oauth2/consent', { decision: 'allow' });
    expect(answerOf(answer)).toMatchObject({ to: CALLBACK, parameters: { state: 'state-1' } });
  });
});

describe('what a person allowed', () => {
  const CONSENTS = '/oauth2/consents';
  const withdraw = async (fields: Record<string, string> = {}) =>
    browser.post(CONSENTS, { ...(await browser.get(CONSENTS)).forms[0]!.fields, ...fields });

  it('is listed for him alone, and nobody else can withdraw it', async () => {
    expect((await browser.get(CONSENTS)).text).toContain('No application has access in your name.');
    await allow('users:read clients:write');
    const { text, forms } = await browser.get(CONSENTS);
    expect(text).toContain(client.clientId);
    expect(text).toContain('Register, change and delete API applications');
    expect(text).toContain(`<time datetime="${env.clock.now().toISOString().slice(0, 10)}">`);
    const other = await signedIn(env, await addPerson(env));
    expect((await other.get(CONSENTS)).text).not.toContain(client.clientId);
    expect((await other.post(CONSENTS, forms[0]!.fields)).status).toBe(403);
    expect(await isAsked('users:read')).toBe(false);
  });

  it('is listed with what is for other resources, which is remembered for none', async () => {
    const resource = 'https://reports.example.com';
    const other = await codeClient(env, { scopes: ['users:read', 'devices:read'], resources: [resource] });
    await allow('users:read', other);
    const code = await codeFor(browser, asking(other.clientId, { scope: 'devices:read', resource }));
    const redeemed = await ApiClient.basic(env.url, other.clientId, other.clientSecret).post(
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
    expect(redeemed.status).toBe(200);
    const { text } = await browser.get(CONSENTS);
    for (const scope of ['users:read', 'devices:read']) expect(text).toContain(`<code>${scope}</code>`);
    expect(await isAsked('users:read', other)).toBe(false);
    expect(await isAsked('devices:read', other)).toBe(true);
  });

  it('is withdrawn by him: he is asked again, and what stems from it has ended', async () => {
    await allow('users:read');
    expect((await withdraw()).location).toBe(CONSENTS);
    expect((await browser.get(CONSENTS)).text).not.toContain(client.clientId);
    expect(await isAsked('users:read')).toBe(true);
    const { rows } = await env.database.query(
      'SELECT 1 FROM authorization_grants g JOIN clients c ON c.id = g.client WHERE c.client_id = $1 AND g.revoked_at IS NULL',
      [client.clientId],
    );
    expect(rows).toEqual([]);
    const [event] = await auditEvents(env, 'access_token.revoked');
    expect(event).toMatchObject({
      actor: { kind: 'operator', id: person.username },
      client_id: client.clientId,
      detail: { reason: 'consent_withdrawn', operator: person.username },
    });
  });

  it('is not withdrawn without the form’s token, nor by another application’s', async () => {
    const second = await codeClient(env);
    await allow('users:read');
    await allow('users:read', second);
    expect((await withdraw({ csrf: '' })).status).toBe(403);
    const { forms } = await browser.get(CONSENTS);
    const [first, next] = forms.map(({ fields }) => fields);
    expect((await browser.post(CONSENTS, { ...first, csrf: next!.csrf })).status).toBe(403);
    expect(await isAsked('users:read')).toBe(false);
    expect(await isAsked('users:read', second)).toBe(false);
  });

  it('is shown to nobody who is not signed in', async () => {
    const nobody = new Browser(env.url);
    expect((await nobody.get(CONSENTS)).location).toBe('/oauth2/sign-in');
    expect((await nobody.post(CONSENTS, { client_id: 'x', csrf: 'x' })).location).toBe('/oauth2/sign-in');
  });

  it('is taken by a form, with its own fields alone', async () => {
    expect((await browser.post(CONSENTS, { client_id: 'x', csrf: 'x', more: 'x' })).status).toBe(400);
    const json = await browser.request('POST', CONSENTS, '{}', { 'content-type': 'application/json' });
    expect(json.status).toBe(415);
  });
});

describe('a public client’s access, which is not remembered as a consent', () => {
  it('is listed while there are live tokens, and ends with all of them when it is withdrawn', async () => {
    const open = await codeClient(env, {
      token_endpoint_auth_method: 'none',
      scopes: ['users:read'],
      access_token_ttl: 60,
    });
    const redeem = (fields: Record<string, string>) =>
      env.anonymous.post('/oauth2/token', {
        body: new URLSearchParams({ client_id: open.clientId, ...fields }),
      });
    const code = await allow('users:read', open);
    const { body } = await redeem({
      grant_type: 'authorization_code',
      code,
      redirect_uri: CALLBACK,
      code_verifier: VERIFIER,
    });
    const reads = () =>
      env.anonymous.get('/pam/v1/users', { headers: { authorization: `Bearer ${body.access_token}` } });
    expect((await reads()).status).toBe(200);
    const page = await browser.get('/oauth2/consents');
    expect(page.text).toContain(open.clientId);
    expect((await browser.post('/oauth2/consents', page.forms[0]!.fields)).status).toBe(303);
    expect((await browser.get('/oauth2/consents')).text).not.toContain(open.clientId);
    expect((await reads()).status).toBe(401);
    const refreshed = await redeem({ grant_type: 'refresh_token', refresh_token: body.refresh_token });
    expect([refreshed.status, refreshed.body.error]).toEqual([400, 'invalid_grant']);
  });
});
