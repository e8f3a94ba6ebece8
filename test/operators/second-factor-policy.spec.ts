import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { auditEvents, countOf } from '../support/audit-events.js';
import { Browser, signedIn, type PageResponse } from '../support/browser.js';
import { CodeFlow, tokensOf } from '../support/code-flow.js';
import type { TestEnvironment } from '../support/create-test-environment.js';
import { atConsole, canRefresh, consoleIn, type AtConsole } from '../support/first-party.js';
import { engine } from '../support/engine.js';
import { addPerson, type Person } from '../support/people.js';
import {
  atLocalhost,
  challenged,
  codeOf,
  consoleWithCode,
  ENROLMENT,
  enrolTotp,
  FACTORS,
  isSignedIn,
  nextCode,
  SECOND_FACTOR,
  sentToSignIn,
  type WithTotp,
  withPasskey,
  withTotp,
  wrongCode,
} from '../support/second-factors.js';
import { SoftwarePasskey } from '../support/software-passkey.js';
import { until } from '../support/waiting.js';

const POLICY = '/api/v1/second-factor-policy';
const SIGN_IN = '/oauth2/sign-in';

let env: TestEnvironment;
/** An owner who has a second factor. */
let owner: WithTotp;
beforeAll(async () => {
  env = await atLocalhost();
  owner = await withTotp(env, { role: 'owner' });
});
afterAll(() => env.close());
afterEach(() => env.database.query('DELETE FROM second_factor_policies'));

/** As the owner, who shows his factor first. */
async function requireOf(...roles: string[]) {
  owner.at = await consoleWithCode(env, owner.person, nextCode(env, owner.secret));
  return owner.at.api.put(POLICY, { body: { required_roles: roles } });
}

const reads = async ({ api }: AtConsole) => (await api.get('/api/v1/account')).status;
const fieldOf = ({ status, body }: { status: number; body: any }) => [status, body.errors?.[0].field];

/** The page on which a person has to enrol. */
async function enrolling(person: Pick<Person, 'username' | 'password'>) {
  const browser = new Browser(env.url);
  const { status, location } = await browser.signIn(person.username, person.password);
  expect([status, location]).toEqual([303, ENROLMENT]);
  const page = await browser.get(ENROLMENT);
  return { browser, page, secret: keyOf(page) };
}

/** The key as it is written for who types it. */
function keyOf({ text }: PageResponse): string {
  return /<code class="key">([^<]*)<\/code>/.exec(text)![1]!.replaceAll(' ', '');
}

const recoveryCodesOn = ({ text }: PageResponse) =>
  [...text.matchAll(/<li><code>([^<]*)<\/code><\/li>/g)].map(([, code]) => code!);

describe('the policy', () => {
  it('is read with operators:read, and requires nothing at first', async () => {
    const { status, body } = await env.admin.get(POLICY);
    expect([status, body]).toEqual([200, { required_roles: [] }]);
    const auditor = await atConsole(env, await addPerson(env, { role: 'auditor' }));
    expect((await auditor.api.get(POLICY)).status).toBe(200);
    const user = await atConsole(env, await addPerson(env));
    expect((await user.api.get(POLICY)).status).toBe(403);
  });

  it('is changed by an owner in person, and that is on record', async () => {
    const { status, body } = await requireOf('owner', 'admin');
    expect([status, body]).toEqual([200, { required_roles: ['admin', 'owner'] }]);
    expect((await env.admin.get(POLICY)).body).toEqual(body);
    const [event] = await auditEvents(env, 'second_factor.policy_changed');
    expect(event).toMatchObject({
      outcome: 'success',
      actor: { kind: 'operator', id: owner.person.username },
      detail: { required_roles: ['admin', 'owner'], people_signed_out: expect.any(Number) },
    });
    const changes = await countOf(env, 'second_factor.policy_changed');
    expect((await requireOf('admin', 'owner')).status).toBe(200);
    expect(await countOf(env, 'second_factor.policy_changed')).toBe(changes);
  });

  it('is no client’s to change, however much it may, nor anybody’s but an owner’s', async () => {
    const body = { required_roles: ['user'] };
    const denied = await countOf(env, 'access_token.scope_denied');
    const auditor = await atConsole(env, await addPerson(env, { role: 'admin' }));
    for (const api of [env.admin, auditor.api]) {
      const answer = await api.put(POLICY, { body });
      expect([answer.status, answer.body.code]).toEqual(
        api === env.admin ? [403, 'forbidden'] : [403, 'insufficient_scope'],
      );
    }
    expect(await countOf(env, 'access_token.scope_denied')).toBe(denied + 2);
    expect((await env.admin.get(POLICY)).body.required_roles).toEqual([]);
  });

  it('is not changed in an owner’s name by an application that he allowed to administer people', async () => {
    const plain = await addPerson(env, { role: 'owner' });
    const scope = 'operators:write';
    const flow = await CodeFlow.of(env, { scopes: [scope] }, plain);
    const { accessToken } = tokensOf(await flow.redeem(await flow.code({ scope })));
    const body = { required_roles: ['user'] };
    const refused = await ApiClient.bearer(env.url, accessToken).put(POLICY, { body });
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    expect((await env.admin.get(POLICY)).body.required_roles).toEqual([]);
  });

  it('is changed only by an owner who has shown his own factor lately', async () => {
    await requireOf();
    env.clock.advance(301);
    const stale = await owner.at.api.put(POLICY, { body: { required_roles: ['user'] } });
    expect([stale.status, stale.body.code]).toEqual([401, 'insufficient_user_authentication']);
  });

  it('requires none of owners while the one who asks has none himself', async () => {
    const plain = await atConsole(env, await addPerson(env, { role: 'owner' }));
    const refused = await plain.api.put(POLICY, { body: { required_roles: ['owner'] } });
    expect(fieldOf(refused)).toEqual([409, 'required_roles']);
    expect((await plain.api.put(POLICY, { body: { required_roles: ['user'] } })).status).toBe(200);
  });

  it.each([
    [{}, 'required_roles'],
    [{ required_roles: 'owner' }, 'required_roles'],
    [{ required_roles: ['god'] }, 'required_roles'],
    [{ required_roles: ['user', 'user'] }, 'required_roles'],
    [{ required_roles: [null] }, 'required_roles'],
    [{ required_roles: [], since: 1 }, 'since'],
  ])('is refused by name: %j', async (body, field) => {
    const plain = await atConsole(env);
    expect(fieldOf(await plain.api.put(POLICY, { body }))).toEqual([400, field]);
  });
});

describe('the list of people', () => {
  it('tells who has a second factor, and finds those who have none', async () => {
    const { person } = await withTotp(env, { role: 'auditor' });
    const { person: keyed } = await withPasskey(env, { role: 'auditor' });
    const { headers } = await env.admin.get(`/api/v1/operators/${person.id}`);
    const without = await addPerson(env, { role: 'auditor' });
    const found = async (query: string) => {
      const { body } = await env.admin.get(`/api/v1/operators?role=auditor&limit=1000${query}`);
      return new Map<string, boolean>(body.items.map((one: any) => [one.id, one.second_factor]));
    };
    const all = await found('');
    expect([person, keyed, without].map(({ id }) => all.get(id))).toEqual([true, true, false]);
    const having = await found('&second_factor=true');
    expect([person, keyed, without].map(({ id }) => having.has(id))).toEqual([true, true, false]);
    const lacking = await found('&second_factor=false');
    expect([person, keyed, without].map(({ id }) => lacking.has(id))).toEqual([false, false, true]);
    expect(fieldOf(await env.admin.get('/api/v1/operators?second_factor=2'))).toEqual([400, 'second_factor']);

    await env.admin.delete(`/api/v1/operators/${person.id}/second-factor`);
    const after = await env.admin.get(`/api/v1/operators/${person.id}`);
    expect(after.body.second_factor).toBe(false);
    expect(after.headers.get('etag')).toBe(headers.get('etag'));
  });
});

describe('a role that requires a second factor', () => {
  it('signs out whoever has it and no factor; the others stay, and so does what was allowed', async () => {
    const without = await atConsole(env, await addPerson(env, { role: 'auditor' }));
    const other = await atConsole(env, await addPerson(env));
    const person = await addPerson(env, { role: 'auditor' });
    const flow = await CodeFlow.of(env, {}, person);
    const allowed = await flow.tokens();
    const having = await withTotp(env, { role: 'auditor' });
    expect((await requireOf('auditor')).status).toBe(200);
    expect([await reads(without), await isSignedIn(without.browser), await canRefresh(env, without)]).toEqual(
      [401, false, false],
    );
    for (const at of [other, having.at])
      expect([await reads(at), await isSignedIn(at.browser)]).toEqual([200, true]);
    expect(await isSignedIn(flow.browser)).toBe(false);
    expect(await flow.reads(allowed.accessToken)).toBe(200);
    const [revoked] = await auditEvents(env, 'access_token.revoked');
    expect(revoked.detail.reason).toBe('second_factor_required');
  });

  it('leads a person without one to a page on which he enrols an app, and in', async () => {
    await requireOf('user');
    const person = await addPerson(env);
    const { browser, page, secret } = await enrolling(person);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Your role requires a second factor');
    expect(page.text).toMatch(/<div class="qr"[^>]*><svg [^>]*>/);
    expect(page.text).not.toMatch(/ style="/);
    expect(await isSignedIn(browser)).toBe(false);
    const wrong = await browser.submit(page, ENROLMENT, { code: wrongCode(env, secret) });
    expect([wrong.status, keyOf(wrong)]).toEqual([403, secret]);
    const done = await browser.submit(wrong, ENROLMENT, { code: codeOf(env, secret) });
    expect([done.status, recoveryCodesOn(done).length]).toEqual([200, 10]);
    expect(done.text).toContain('They are not shown again');
    expect(done.headers.get('cache-control')).toBe('no-store');
    expect(await isSignedIn(browser)).toBe(true);
    const [event] = await auditEvents(env, 'operator.signed_in');
    expect(event.detail).toEqual({ username: person.username, second_factor: 'totp' });
    expect((await auditEvents(env, 'second_factor.enrolled'))[0].detail.username).toBe(person.username);
    // A reload begins anew, and shows nothing.
    const reloaded = await browser.submit(wrong, ENROLMENT, { code: codeOf(env, secret) });
    expect([reloaded.status, recoveryCodesOn(reloaded)]).toEqual([400, []]);
    const { browser: next, page: asked } = await challenged(env, person);
    const code = recoveryCodesOn(done)[0]!;
    expect((await next.submit(asked, SECOND_FACTOR, { code })).status).toBe(303);
    expect((await consoleIn(env, next)).accessToken).toEqual(expect.any(String));
  });

  it('lets him enrol a passkey there as well, and goes on to what he signed in for', async () => {
    await requireOf('user');
    const person = await addPerson(env);
    const { browser, request } = await sentToSignIn(env);
    const { location } = await browser.signIn(person.username, person.password, request);
    expect(location).toBe(`${ENROLMENT}?request=${request}`);
    const page = await browser.get(location!);
    const { options } = page.forms.find(({ fields }) => 'registration' in fields)!;
    const registration = JSON.stringify(new SoftwarePasskey().create(options, { origin: env.publicUrl }));
    const done = await browser.submit(page, ENROLMENT, { registration });
    expect([done.status, recoveryCodesOn(done).length]).toEqual([200, 10]);
    expect(done.text).toContain(`href="/oauth2/consent?request=${request}"`);
    expect((await browser.get(`/oauth2/consent?request=${request}`)).text).toContain('Cost centres');
    const [event] = await auditEvents(env, 'operator.signed_in');
    expect(event.detail.second_factor).toBe('passkey');
  });

  it('lets an enrolment be done once, in its browser, in time, and not after another', async () => {
    await requireOf('user');
    const person = await addPerson(env);
    const first = await enrolling(person);
    const second = await enrolling(person);
    const submit = ({ browser, page, secret }: typeof first) =>
      browser.submit(page, ENROLMENT, { code: codeOf(env, secret) });
    expect((await submit({ ...first, browser: new Browser(env.url) })).status).toBe(400);
    const answers = await Promise.all([submit(first), submit(first)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
    // Whoever has only the password began before there was a factor: that is over.
    expect((await submit(second)).status).toBe(400);
    expect(await isSignedIn(second.browser)).toBe(false);
    const late = await enrolling(await addPerson(env));
    env.clock.advance(601);
    expect((await submit(late)).status).toBe(400);
  });

  it('honours no session and keeps no token of who is given it and has no factor', async () => {
    await requireOf('auditor');
    const person = await addPerson(env);
    const at = await atConsole(env, person);
    const path = `/api/v1/operators/${person.id}`;
    expect((await env.admin.patch(path, { body: { role: 'auditor' } })).status).toBe(200);
    expect([await isSignedIn(at.browser), await reads(at)]).toEqual([false, 401]);
    // As one of an instance that knows of no second factor.
    const { rows } = await env.database.query<{ id: string }>(
      `UPDATE operators SET role = 'user' WHERE id = $1 RETURNING id`,
      [person.id],
    );
    const browser = await signedIn(env, person);
    await env.database.query(`UPDATE operators SET role = 'auditor' WHERE id = $1`, [rows[0]!.id]);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('ends the tokens, too, of who has a factor and was signed in without it by an older instance', async () => {
    const { person, at } = await withTotp(env, { role: 'auditor' });
    for (const table of ['operator_sessions', 'authorization_grants'])
      await env.database.query(`UPDATE ${table} SET second_factor_at = NULL WHERE operator = $1`, [
        person.id,
      ]);
    expect((await requireOf('auditor')).status).toBe(200);
    expect([await isSignedIn(at.browser), await reads(at), await canRefresh(env, at)]).toEqual([
      false,
      401,
      false,
    ]);
  });

  it('waits for whoever changes a person’s sessions, and not the other way about', async () => {
    const person = await addPerson(env, { role: 'auditor' });
    const at = await atConsole(env, person);
    const { api } = await consoleWithCode(env, owner.person, nextCode(env, owner.secret));
    const required = await env.database.transaction(async (transaction) => {
      await transaction.query('SELECT FROM operators WHERE id = $1 FOR NO KEY UPDATE', [person.id]);
      const answer = api.put(POLICY, { body: { required_roles: ['auditor'] } });
      if (engine === 'postgres')
        await until('the policy waits for the person', async () => {
          const { rowCount } = await env.database.query(
            `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
          );
          return rowCount > 0;
        });
      await transaction.query('DELETE FROM operator_sessions WHERE operator = $1', [person.id]);
      return { answer };
    });
    expect((await required.answer).status).toBe(200);
    expect(await reads(at)).toBe(401);
  });

  it('keeps him from removing the last one', async () => {
    await requireOf('user');
    const person = await addPerson(env);
    const { browser, page, secret } = await enrolling(person);
    await browser.submit(page, ENROLMENT, { code: codeOf(env, secret) });
    const at = await consoleIn(env, browser);
    const refused = await at.api.delete(`${FACTORS}/totp`);
    expect(fieldOf(refused)).toEqual([409, 'totp']);
    expect((await at.api.get(FACTORS)).body).toMatchObject({
      required: true,
      enrolled: true,
      recovery_codes_left: 10,
    });
    expect((await requireOf()).status).toBe(200);
    expect((await at.api.delete(`${FACTORS}/totp`)).status).toBe(204);
  });

  it('lets nobody in without one whose sign-in and whose policy come at the same time', async () => {
    const person = await addPerson(env, { role: 'auditor' });
    const browsers = Array.from({ length: 5 }, () => new Browser(env.url));
    const [changed, ...signIns] = await Promise.all([
      requireOf('auditor'),
      ...browsers.map((browser) => browser.signIn(person.username, person.password)),
    ]);
    expect(changed!.status).toBe(200);
    expect(signIns.every(({ status }) => status === 303)).toBe(true);
    for (const browser of browsers) expect(await isSignedIn(browser)).toBe(false);
  });
});

describe('who has lost his second factor', () => {
  const pathOf = ({ id }: Person) => `/api/v1/operators/${id}/second-factor`;

  it('gets rid of it by an administrator, and is signed out everywhere', async () => {
    const { person, at } = await withTotp(env);
    expect((await env.admin.get(pathOf(person))).body).toEqual({
      enrolled: true,
      required: false,
      passkeys: 0,
      totp: true,
      recovery_codes_left: 10,
    });
    const pending = await challenged(env, person);
    expect((await env.admin.delete(pathOf(person))).status).toBe(204);
    expect([await reads(at), await isSignedIn(at.browser), await canRefresh(env, at)]).toEqual([
      401,
      false,
      false,
    ]);
    expect((await pending.browser.get(SECOND_FACTOR)).location).toBe(SIGN_IN);
    const [event] = await auditEvents(env, 'second_factor.removed');
    expect(event).toMatchObject({
      actor: { kind: 'client', id: env.adminCredentials.clientId },
      detail: { username: person.username, factor: 'all' },
    });
    expect((await auditEvents(env, 'access_token.revoked'))[0].detail.reason).toBe('second_factor_reset');
    expect((await env.admin.get(pathOf(person))).body).toMatchObject({
      enrolled: false,
      recovery_codes_left: 0,
    });
    await atConsole(env, person);
  });

  it('gets no help of one below his rank, nor of a client where he is an owner', async () => {
    const target = await withTotp(env, { role: 'owner' });
    for (const api of [env.admin, (await atConsole(env, await addPerson(env, { role: 'admin' }))).api])
      expect((await api.delete(pathOf(target.person))).status).toBe(403);
    expect((await env.admin.get(pathOf(target.person))).body.enrolled).toBe(true);
    env.clock.advance(301);
    expect((await owner.at.api.delete(pathOf(target.person))).status).toBe(401);
    owner.at = await consoleWithCode(env, owner.person, nextCode(env, owner.secret));
    expect((await owner.at.api.delete(pathOf(target.person))).status).toBe(204);
  });

  it('is not there for another customer, nor where there is nobody', async () => {
    await env.addCustomer('20002');
    const { body } = await env.admin.post('/api/v1/clients', {
      body: { name: 'operators of two', customer_id: '20002', scopes: ['operators:read', 'operators:write'] },
    });
    const other = ApiClient.basic(env.url, body.client_id, body.client_secret);
    const { person } = await withTotp(env);
    for (const method of ['GET', 'DELETE']) {
      expect((await other.request(method, pathOf(person))).status).toBe(404);
      expect((await env.admin.request(method, pathOf({ ...person, id: 'x' }))).status).toBe(400);
      const nobody = { ...person, id: '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f' };
      expect((await env.admin.request(method, pathOf(nobody))).status).toBe(404);
    }
    expect((await env.admin.get(pathOf(person))).body.enrolled).toBe(true);
    const at = await atConsole(env, await addPerson(env));
    expect((await at.api.delete(pathOf(person))).status).toBe(403);
  });

  it('enrols another when his role requires one', async () => {
    const { person } = await withTotp(env);
    await requireOf('user');
    expect((await env.admin.delete(pathOf(person))).status).toBe(204);
    const { browser, page, secret } = await enrolling(person);
    expect((await browser.submit(page, ENROLMENT, { code: codeOf(env, secret) })).status).toBe(200);
    const at = await consoleIn(env, browser);
    expect((await at.api.get(FACTORS)).body.enrolled).toBe(true);
    await expect(enrolTotp(env, at, person)).resolves.toMatchObject({ recoveryCodes: null });
  });
});
