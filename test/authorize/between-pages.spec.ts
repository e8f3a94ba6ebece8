import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { auditEvents } from '../support/audit-events.js';
import { Browser, signedIn, type PageResponse } from '../support/browser.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { addPerson, type Person } from '../support/people.js';
import { answerOf, asking, codeClient, openConsent, type CodeClient } from './asking.js';

let env: TestEnvironment;
let client: CodeClient;
let person: Person;
let browser: Browser;
let page: PageResponse;

beforeAll(async () => {
  env = await createTestEnvironment();
});
afterAll(() => env.close());

/** A person who is being asked. */
beforeEach(async () => {
  client = await codeClient(env);
  person = await addPerson(env, { role: 'user' });
  browser = await signedIn(env, person);
  page = await openConsent(browser, asking(client.clientId, { scope: 'users:read devices:read' }));
  expect(page.status).toBe(200);
});

const CONSENT = '/oauth2/consent';
const allow = (shown = page, fields: Record<string, string> = {}) =>
  browser.submit(shown, CONSENT, { decision: 'allow', ...fields });
const formOf = (shown: PageResponse) => shown.forms.find(({ action }) => action === CONSENT)!.fields;
const patch = (body: object) => env.admin.patch(`/api/v1/clients/${client.clientId}`, { body });
const isOver = ({ status, location }: PageResponse) => status === 400 && location === null;
const isAskedAnew = ({ status, text }: PageResponse) =>
  status === 200 && text.includes('Something has changed since you were asked');

async function codes(): Promise<number> {
  const { rows } = await env.database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM authorization_codes c
     JOIN authorization_grants g ON g.id = c.grant_id JOIN clients k ON k.id = g.client WHERE k.client_id = $1`,
    [client.clientId],
  );
  return rows[0]!.count;
}

describe('the request is kept on the server', () => {
  it.each(['client_id', 'scope', 'redirect_uri', 'state', 'code_challenge'])(
    'and a %s that is sent along with the form is refused',
    async (name) => {
      const answer = await allow(page, { [name]: 'x' });
      expect(isOver(answer)).toBe(true);
      expect(await codes()).toBe(0);
    },
  );

  it('and so is one in the page’s address', async () => {
    const { request } = formOf(page);
    expect(isOver(await browser.get(`${CONSENT}?request=${request}&scope=clients:write`))).toBe(true);
  });

  it('for the browser that looked first: another one, even the same person’s, has no use for the handle', async () => {
    const { request } = formOf(page);
    const other = await signedIn(env, person);
    expect(isOver(await other.get(`${CONSENT}?request=${request}`))).toBe(true);
    expect(isOver(await other.submit(page, CONSENT, { decision: 'allow' }))).toBe(true);
    expect((await allow()).status).toBe(303);
  });

  it('for a browser that keeps its cookies', async () => {
    browser.cookies.delete('postern_browser');
    expect(isOver(await allow())).toBe(true);
  });

  it('for ten minutes', async () => {
    const { request } = formOf(page);
    env.clock.advance(9 * 60);
    expect((await browser.get(`${CONSENT}?request=${request}`)).status).toBe(200);
    env.clock.advance(61);
    expect(isOver(await browser.get(`${CONSENT}?request=${request}`))).toBe(true);
    expect(isOver(await allow())).toBe(true);
  });

  it.each(['', 'nonsense', '00000000-0000-4000-8000-000000000000', "' OR 1=1 --"])(
    'and a handle that was made up is a page: %j',
    async (handle) => {
      expect(isOver(await browser.get(`${CONSENT}?request=${encodeURIComponent(handle)}`))).toBe(true);
      expect(isOver(await allow(page, { request: handle }))).toBe(true);
    },
  );
});

describe('what was shown is what is given', () => {
  it('and a form without its token is not taken: the person is asked anew', async () => {
    for (const csrf of ['', 'x', formOf(page).csrf!.slice(1)]) {
      expect(isAskedAnew(await allow(page, { csrf }))).toBe(true);
    }
    expect(isAskedAnew(await browser.submit(page, CONSENT, { csrf: 'x', decision: 'deny' }))).toBe(true);
    expect(await codes()).toBe(0);
  });

  it('one request’s token is not another’s', async () => {
    const second = await openConsent(browser, asking(client.clientId));
    expect(isAskedAnew(await allow(page, { csrf: formOf(second).csrf! }))).toBe(true);
  });

  it('another person who signs in between is asked anew, by his own name', async () => {
    const other = await addPerson(env, { role: 'user' });
    await browser.signOut();
    await browser.signIn(other.username, other.password);
    const anew = await allow();
    expect(isAskedAnew(anew)).toBe(true);
    expect(anew.text).toContain(other.username);
    expect(anew.text).not.toContain(person.username);
    expect(await codes()).toBe(0);
    expect(answerOf(await allow(anew)).parameters.code).toBeDefined();
    const [event] = await auditEvents(env, 'authorization_code.issued');
    expect(event).toMatchObject({ actor: { kind: 'operator', id: other.username } });
  });

  it('the same person who signs in anew is asked anew', async () => {
    await browser.signOut();
    await browser.signIn(person.username, person.password);
    expect(isAskedAnew(await allow())).toBe(true);
  });

  it('whoever signed out signs in first', async () => {
    await browser.signOut();
    expect((await allow()).location).toMatch(/^\/oauth2\/sign-in\?request=/);
    expect(await codes()).toBe(0);
  });

  it('the client loses a scope: the person is asked for what is left', async () => {
    await patch({ scopes: ['users:read'] });
    const anew = await allow();
    expect(isAskedAnew(anew)).toBe(true);
    expect(anew.text).not.toContain('devices:read');
    expect(answerOf(await allow(anew)).parameters.code).toBeDefined();
    const [event] = await auditEvents(env, 'authorization_code.issued');
    expect(event).toMatchObject({ detail: { scopes: ['users:read'] } });
  });

  it('the client loses all of them: access_denied', async () => {
    await patch({ scopes: ['accounts:read'] });
    expect(answerOf(await allow()).parameters.error).toBe('access_denied');
  });

  it('the client is given more: no more than was shown', async () => {
    await patch({ scopes: ['users:read', 'devices:read', 'accounts:read'] });
    expect(answerOf(await allow()).parameters.code).toBeDefined();
    const [event] = await auditEvents(env, 'authorization_code.issued');
    expect(event).toMatchObject({ detail: { scopes: ['users:read', 'devices:read'] } });
  });
});

describe('what is not there any more', () => {
  it('a client that was deactivated: a page, and no redirect', async () => {
    await patch({ active: false });
    expect(isOver(await allow())).toBe(true);
    expect(await codes()).toBe(0);
  });

  it('a client that was deleted, though its id is used again', async () => {
    await env.admin.delete(`/api/v1/clients/${client.clientId}`);
    expect(isOver(await allow())).toBe(true);
    await codeClient(env, { client_id: client.clientId });
    expect(isOver(await allow())).toBe(true);
    expect(await codes()).toBe(0);
  });

  it('a redirect URI: a page, and no redirect', async () => {
    await patch({ redirect_uris: ['https://app.example.com/other'] });
    expect(isOver(await allow())).toBe(true);
    expect(await codes()).toBe(0);
  });

  it('the grant type: unauthorized_client', async () => {
    await patch({ grant_types: ['client_credentials'] });
    expect(answerOf(await allow()).parameters.error).toBe('unauthorized_client');
  });

  it('a person who was deactivated, or deleted', async () => {
    await env.admin.patch(`/api/v1/operators/${person.id}`, { body: { active: false } });
    expect((await allow()).location).toMatch(/^\/oauth2\/sign-in\?request=/);
    await env.admin.delete(`/api/v1/operators/${person.id}`);
    expect((await allow()).location).toMatch(/^\/oauth2\/sign-in\?request=/);
    expect(await codes()).toBe(0);
  });
});

describe('one request is answered once', () => {
  it('by two at the same time: one code, and a page', async () => {
    const answers = await Promise.all([allow(), allow(), allow(), allow()]);
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(isOver)).toHaveLength(3);
    expect(await codes()).toBe(1);
  });

  it('by allow and deny at the same time: one of them', async () => {
    const answers = await Promise.all([allow(), browser.submit(page, CONSENT, { decision: 'deny' })]);
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(isOver)).toHaveLength(1);
  });

  it('and not by Back and Allow', async () => {
    await allow();
    expect(isOver(await allow())).toBe(true);
    expect(isOver(await browser.get(`${CONSENT}?request=${formOf(page).request}`))).toBe(true);
    expect(await codes()).toBe(1);
  });

  it.each(['', 'maybe', 'ALLOW'])('by allow or deny, not by %j', async (decision) => {
    expect(isOver(await browser.submit(page, CONSENT, { decision }))).toBe(true);
    expect((await allow()).status).toBe(303);
  });
});

it('a code is stored as its hash, and noted with the client', async () => {
  const { code } = answerOf(await allow()).parameters;
  const { body } = await env.admin.get(`/api/v1/clients/${client.clientId}`);
  expect(body.last_authorization).toMatchObject({ passthru_user: person.username });
  const { rows } = await env.database.query(
    'SELECT row_to_json(c) AS row FROM authorization_codes c UNION ALL SELECT row_to_json(e) FROM audit_events e',
  );
  const { last_authorization: latest } = body;
  expect(JSON.stringify(rows)).not.toContain(code);
  expect(JSON.stringify(latest)).not.toContain(code);
});
