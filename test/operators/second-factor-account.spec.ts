import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CALLBACK, VERIFIER } from '../authorize/asking.js';
import { ApiClient } from '../support/api-client.js';
import { auditEvents, countOf } from '../support/audit-events.js';
import { Key, proofOf } from '../support/client-keys.js';
import { CodeFlow } from '../support/code-flow.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import { atConsole, canRefresh, consoleIn, type AtConsole } from '../support/first-party.js';
import { addPerson } from '../support/people.js';
import {
  atLocalhost,
  codeOf,
  consoleWithCode,
  enrolPasskey,
  enrolTotp,
  FACTORS,
  isSignedIn,
  nextCode,
  signInWithCode,
  withPasskey,
  withTotp,
  wrongCode,
} from '../support/second-factors.js';
import { SoftwarePasskey } from '../support/software-passkey.js';

const TOTP = `${FACTORS}/totp`;
const PASSKEYS = `${FACTORS}/passkeys`;
const RECOVERY_CODES = `${FACTORS}/recovery-codes`;
const VERIFICATION = `${FACTORS}/verification`;
const NOBODYS = '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f';
/** In seconds. */
const STALE = 301;

let env: TestEnvironment;
beforeAll(async () => {
  env = await atLocalhost({
    POSTERN_MASTER_KEY: randomBytes(32).toString('base64'),
    POSTERN_VAULT: 'true',
  });
});
afterAll(() => env.close());

const factors = async ({ api }: AtConsole) => (await api.get(FACTORS)).body;
const show = ({ api }: AtConsole, code: string) => api.post(VERIFICATION, { body: { code } });
const reads = async ({ api }: AtConsole) => (await api.get('/api/v1/account')).status;
const fieldOf = ({ status, body }: { status: number; body: any }) => [status, body.errors?.[0].field];

function expectStale({ status, body, headers }: { status: number; body: any; headers: Headers }): void {
  expect([status, body.code]).toEqual([401, 'insufficient_user_authentication']);
  expect(headers.get('www-authenticate')).toMatch(
    /^Bearer error="insufficient_user_authentication", error_description="[^"]+", max_age="300"$/,
  );
}

describe('one’s second factors', () => {
  it('are none at first, and whether passkeys are possible here is said', async () => {
    const at = await atConsole(env, await addPerson(env));
    expect(await factors(at)).toEqual({
      required: false,
      enrolled: false,
      passkeys: [],
      totp: null,
      recovery_codes_left: 0,
      passkeys_impossible_because: null,
      verified_at: null,
    });
  });

  it('are listed without anything that could stand for one', async () => {
    const { person, at, secret, recoveryCodes } = await withTotp(env);
    const passkey = await enrolPasskey(env, at, person);
    const { text, body } = await at.api.get(FACTORS);
    expect(body).toMatchObject({
      enrolled: true,
      passkeys: [{ name: 'The key', last_used_at: null }],
      totp: { last_used_at: null },
      recovery_codes_left: 10,
    });
    for (const hidden of [secret, passkey.id, ...recoveryCodes]) expect(text).not.toContain(hidden);
    expect(Date.parse(body.verified_at)).toBeGreaterThan(0);
    const next = await consoleWithCode(env, person, nextCode(env, secret));
    expect((await factors(next)).totp.last_used_at).not.toBeNull();
  });

  it.each([
    ['GET', FACTORS, undefined],
    ['POST', `${TOTP}/begin`, {}],
    ['POST', TOTP, { code: '000000' }],
    ['DELETE', TOTP, undefined],
    ['POST', `${PASSKEYS}/options`, {}],
    ['POST', PASSKEYS, { response: {} }],
    ['DELETE', `${PASSKEYS}/${NOBODYS}`, undefined],
    ['POST', RECOVERY_CODES, undefined],
    ['POST', `${VERIFICATION}/options`, undefined],
    ['POST', VERIFICATION, { code: '000000' }],
  ])('are for the person alone: %s %s', async (method, path, body) => {
    const flow = await CodeFlow.of(env, {}, await addPerson(env));
    const allowed = ApiClient.bearer(env.url, (await flow.tokens()).accessToken);
    for (const caller of [allowed, (await env.registerClient()).api])
      expect((await caller.request(method, path, { body })).status).toBe(403);
    expect((await env.anonymous.request(method, path, { body })).status).toBe(401);
  });
});

describe('an app that shows codes', () => {
  it('is enrolled with the password and a code, and recovery codes are shown once', async () => {
    const person = await addPerson(env);
    const at = await atConsole(env, person);
    const begun = await at.api.post(`${TOTP}/begin`, { body: { current_password: person.password } });
    expect([begun.status, begun.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const { secret, otpauth_uri, qr_svg } = begun.body;
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(otpauth_uri).toMatch(/^otpauth:\/\/totp\/Postern%20localhost:/);
    expect(new URL(otpauth_uri).searchParams.get('secret')).toBe(secret);
    expect(qr_svg).toMatch(/^<svg [^>]*>.*<\/svg>$/s);
    expect(qr_svg).not.toMatch(/style|script/);
    expect((await factors(at)).enrolled).toBe(false);
    const { status, body, headers } = await at.api.post(TOTP, { body: { code: codeOf(env, secret) } });
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(body).toMatchObject({ last_used_at: null, recovery_codes: expect.any(Array) });
    const [enrolled] = await auditEvents(env, 'second_factor.enrolled');
    expect(enrolled).toMatchObject({
      actor: { kind: 'operator', id: person.username },
      client_id: 'postern-console',
      detail: { username: person.username, factor: 'totp' },
    });
    const [made] = await auditEvents(env, 'second_factor.recovery_codes_made');
    expect(made.detail).toEqual({ username: person.username, count: 10 });
    // The code that confirmed it is used up.
    expect((await signInWithCode(env, person, codeOf(env, secret))).status).toBe(403);
  });

  it('signs the person out everywhere else when it is his first factor, and leaves what he allowed', async () => {
    const person = await addPerson(env);
    const here = await atConsole(env, person);
    env.clock.advance(1);
    const there = await atConsole(env, person);
    const application = await CodeFlow.of(env, {}, person);
    const allowed = await application.tokens();
    await enrolTotp(env, here, person);
    expect([await reads(here), await isSignedIn(here.browser)]).toEqual([200, true]);
    expect([await reads(there), await isSignedIn(there.browser), await canRefresh(env, there)]).toEqual([
      401,
      false,
      false,
    ]);
    expect(await application.reads(allowed.accessToken)).toBe(200);
    const [event] = await auditEvents(env, 'access_token.revoked');
    expect(event.detail).toEqual({ reason: 'second_factor_enrolled', count: 1, operator: person.username });
  });

  it.each([
    ['no password', {}, 'current_password'],
    ['a wrong password', { current_password: 'not his password' }, 'current_password'],
    ['a field too many', { current_password: 'x', code: '1' }, 'code'],
    ['a password of no text', { current_password: 1 }, 'current_password'],
  ])('is not begun with %s', async (_, body, field) => {
    const at = await atConsole(env, await addPerson(env));
    expect(fieldOf(await at.api.post(`${TOTP}/begin`, { body }))).toEqual([400, field]);
  });

  it('is not enrolled with a wrong code, and begins anew after five', async () => {
    const person = await addPerson(env);
    const at = await atConsole(env, person);
    const begin = async () =>
      (await at.api.post(`${TOTP}/begin`, { body: { current_password: person.password } })).body.secret;
    const confirm = (code: string) => at.api.post(TOTP, { body: { code } });
    const secret = await begin();
    for (let wrong = 0; wrong < 5; wrong += 1)
      expect(fieldOf(await confirm(wrongCode(env, secret)))).toEqual([400, 'code']);
    expect((await confirm(codeOf(env, secret))).body.code).toBe('enrolment_over');
    const again = await begin();
    expect((await confirm(codeOf(env, secret))).status).toBe(400);
    env.clock.advance(601);
    expect((await confirm(codeOf(env, again))).body.code).toBe('enrolment_over');
    expect((await factors(at)).enrolled).toBe(false);
  });

  it('is enrolled once by two answers at the same time, and by no other token', async () => {
    const person = await addPerson(env);
    const at = await atConsole(env, person);
    const other = await consoleIn(env, at.browser);
    const { body } = await at.api.post(`${TOTP}/begin`, { body: { current_password: person.password } });
    const confirm = ({ api }: AtConsole) => api.post(TOTP, { body: { code: codeOf(env, body.secret) } });
    expect((await confirm(other)).body.code).toBe('enrolment_over');
    const answers = await Promise.all([confirm(at), confirm(at)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
  });

  it('takes the place of the one before when it is confirmed, and not earlier', async () => {
    const { person, at, secret } = await withTotp(env);
    const { body } = await at.api.post(`${TOTP}/begin`, { body: {} });
    expect((await signInWithCode(env, person, nextCode(env, secret))).status).toBe(303);
    const replaced = await at.api.post(TOTP, { body: { code: codeOf(env, body.secret) } });
    expect([replaced.status, replaced.body.recovery_codes]).toEqual([201, null]);
    expect((await signInWithCode(env, person, nextCode(env, secret))).status).toBe(403);
    expect((await signInWithCode(env, person, codeOf(env, body.secret))).status).toBe(303);
  });
});

describe('a passkey', () => {
  it('is enrolled under a name, and beside others', async () => {
    const { person, at } = await withPasskey(env);
    const second = await enrolPasskey(env, at, person);
    const { passkeys, totp, enrolled } = await factors(at);
    expect([passkeys.length, totp, enrolled]).toEqual([2, null, true]);
    const [event] = await auditEvents(env, 'second_factor.enrolled');
    expect(event.detail).toEqual({ username: person.username, factor: 'passkey', name: 'The key' });
    const { body } = await at.api.post(`${PASSKEYS}/options`, { body: {} });
    expect(body.options).toMatchObject({ rp: { id: 'localhost' }, attestation: 'none' });
    expect(body.options.excludeCredentials.map(({ id }: any) => id)).toContain(second.id);
  });

  it('that is enrolled already, with whomever, is 409', async () => {
    const { passkey } = await withPasskey(env);
    const other = await addPerson(env);
    const at = await atConsole(env, other);
    await expect(enrolPasskey(env, at, other, passkey)).rejects.toThrow(/409 .*enrolled already/);
  });

  it.each([
    ['at another origin', { origin: 'https://phishing.example' }],
    ['for another host name', { rpId: 'phishing.example' }],
    ['to another challenge', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
  ])('that was made %s is refused by name', async (_, changes) => {
    const person = await addPerson(env);
    const at = await atConsole(env, person);
    const { body } = await at.api.post(`${PASSKEYS}/options`, {
      body: { current_password: person.password },
    });
    const response = new SoftwarePasskey().create(body.options, { origin: env.publicUrl, ...changes });
    expect(fieldOf(await at.api.post(PASSKEYS, { body: { response } }))).toEqual([400, 'response']);
  });

  it.each([
    [{}, 'response'],
    [{ response: 1 }, 'response'],
    [{ response: [] }, 'response'],
    [{ response: null }, 'response'],
    [{ response: {}, name: '' }, 'name'],
    [{ response: {}, name: '  ' }, 'name'],
    [{ response: {}, name: 'x'.repeat(65) }, 'name'],
    [{ response: {}, id: 'x' }, 'id'],
  ])('is refused by name: %j', async (body, field) => {
    const person = await addPerson(env);
    const at = await atConsole(env, person);
    await at.api.post(`${PASSKEYS}/options`, { body: { current_password: person.password } });
    expect(fieldOf(await at.api.post(PASSKEYS, { body }))).toEqual([400, field]);
  });

  it('whose attestation names certificates makes Postern fetch nothing', async () => {
    const person = await addPerson(env);
    const at = await atConsole(env, person);
    const { body } = await at.api.post(`${PASSKEYS}/options`, {
      body: { current_password: person.password },
    });
    const response = new SoftwarePasskey('fido-u2f').create(body.options, { origin: env.publicUrl });
    expect((await at.api.post(PASSKEYS, { body: { response } })).status).toBe(201);
  });

  it.each([
    [1023, 201],
    [1024, 400],
    [8000, 400],
  ])('whose id has %i bytes is answered by %i', async (bytes, expected) => {
    const person = await addPerson(env);
    const at = await atConsole(env, person);
    const { body } = await at.api.post(`${PASSKEYS}/options`, {
      body: { current_password: person.password },
    });
    const response = new SoftwarePasskey('none', bytes).create(body.options, { origin: env.publicUrl });
    expect((await at.api.post(PASSKEYS, { body: { response } })).status).toBe(expected);
  });

  it('whatever is sent, nothing breaks', async () => {
    const { person, at } = await withPasskey(env);
    const json = fc.jsonValue();
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), json), json, async (response, rest) => {
        const { body } = await at.api.post(`${PASSKEYS}/options`, {
          body: { current_password: person.password },
        });
        const made = new SoftwarePasskey().create(body.options, { origin: env.publicUrl });
        const broken = { ...made, ...response, response: rest };
        expect((await at.api.post(PASSKEYS, { body: { response: broken } })).status).toBe(400);
        await at.api.post(`${VERIFICATION}/options`);
        const { status } = await at.api.post(VERIFICATION, { body: { assertion: broken } });
        expect(status).toBe(400);
      }),
      { numRuns: 25 },
    );
  });
});

describe('at an address without a name', () => {
  it('passkeys are impossible, in words; the rest goes', async () => {
    const bare = await createTestEnvironment();
    try {
      const person = await addPerson(bare);
      const at = await atConsole(bare, person);
      const { body } = await at.api.get(FACTORS);
      expect(body.passkeys_impossible_because).toMatch(/IP address \(127\.0\.0\.1\)\. POSTERN_PUBLIC_URL/);
      for (const path of [`${PASSKEYS}/options`, `${VERIFICATION}/options`])
        expect(
          (await at.api.post(path, { body: path === `${PASSKEYS}/options` ? {} : undefined })).body,
        ).toMatchObject({
          status: 409,
          code: 'passkeys_impossible',
          detail: body.passkeys_impossible_because,
        });
      await enrolTotp(bare, at, person);
    } finally {
      await bare.close();
    }
  });
});

describe('showing a factor once more', () => {
  it.each(['totp', 'recovery_code', 'passkey'])(
    'makes it recent for five minutes, with a %s',
    async (factor) => {
      const { person, at, secret, recoveryCodes } = await withTotp(env);
      const passkey = await enrolPasskey(env, at, person);
      env.clock.advance(STALE);
      expectStale(await at.api.post(RECOVERY_CODES));
      const [denied] = await auditEvents(env, 'access_token.scope_denied');
      expect(denied.detail).toMatchObject({ required: 'a recent second factor' });
      const { body: begun } = await at.api.post(`${VERIFICATION}/options`);
      const { status, body } = await at.api.post(VERIFICATION, {
        body: {
          totp: { code: codeOf(env, secret) },
          recovery_code: { code: recoveryCodes[0] },
          passkey: { assertion: passkey.get(begun.options, { origin: env.publicUrl }) },
        }[factor],
      });
      expect([status, body.second_factor]).toEqual([200, factor]);
      expect(Date.parse(body.recent_until) - Date.parse(body.verified_at)).toBe(300_000);
      expect((await factors(at)).verified_at).toBe(body.verified_at);
      const [event] = await auditEvents(env, 'second_factor.verified');
      expect(event).toMatchObject({
        actor: { kind: 'operator', id: person.username },
        detail: { username: person.username, factor },
      });
      env.clock.advance(298);
      expect((await at.api.delete(TOTP)).status).toBe(204);
      env.clock.advance(3);
      expectStale(await at.api.post(RECOVERY_CODES));
    },
  );

  it('goes for all that came of the sign-in, and for no other', async () => {
    const { person, at: first, secret } = await withTotp(env);
    const second = await consoleWithCode(env, person, nextCode(env, secret));
    env.clock.advance(STALE);
    await show(first, codeOf(env, secret));
    expectStale(await second.api.post(RECOVERY_CODES));
    expect((await first.api.post(RECOVERY_CODES)).status).toBe(201);
  });

  it('is refused with what is wrong or was used, and counts as a failure', async () => {
    const { person, at, secret } = await withTotp(env);
    const before = await countOf(env, 'second_factor.failed');
    for (const code of [wrongCode(env, secret), codeOf(env, secret)])
      expect(fieldOf(await show(at, code))).toEqual([400, 'code']);
    expect(await countOf(env, 'second_factor.failed')).toBe(before + 2);
    const [event] = await auditEvents(env, 'second_factor.failed');
    expect(event).toMatchObject({
      actor: { kind: 'operator', id: person.username },
      client_id: 'postern-console',
      detail: { reason: 'used_code' },
    });
    const code = nextCode(env, secret);
    const answers = await Promise.all(Array.from({ length: 20 }, () => show(at, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('answers the passkey’s own options, once, and by the same token', async () => {
    const { at, passkey } = await withPasskey(env);
    const other = await consoleIn(env, at.browser);
    const { body } = await at.api.post(`${VERIFICATION}/options`);
    const assertion = passkey.get(body.options, { origin: env.publicUrl });
    const send = ({ api }: AtConsole) => api.post(VERIFICATION, { body: { assertion } });
    expect(fieldOf(await send(other))).toEqual([400, 'assertion']);
    const answers = await Promise.all([send(at), send(at)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(fieldOf(await send(at))).toEqual([400, 'assertion']);
  });

  it.each([
    [{}, 'code'],
    [{ code: '1', assertion: {} }, 'assertion'],
    [{ code: '' }, 'code'],
    [{ code: 1 }, 'code'],
    [{ code: null }, 'code'],
    [{ code: '1'.repeat(65) }, 'code'],
    [{ assertion: 'x' }, 'assertion'],
    [{ assertion: {} }, 'assertion'],
    [{ code: '1', factor: 'totp' }, 'factor'],
  ])('is refused by name: %j', async (body, field) => {
    const { at } = await withTotp(env);
    expect(fieldOf(await at.api.post(VERIFICATION, { body }))).toEqual([400, field]);
  });

  it('is not recent when the clock has been put back to before', async () => {
    const { at } = await withTotp(env);
    env.clock.advance(-STALE);
    try {
      expectStale(await at.api.post(RECOVERY_CODES));
    } finally {
      env.clock.advance(STALE);
    }
  });

  it('is nothing that somebody without a factor can do', async () => {
    const at = await atConsole(env, await addPerson(env));
    for (const answer of [
      await show(at, '000000'),
      await at.api.post(`${VERIFICATION}/options`),
      await at.api.post(RECOVERY_CODES),
    ])
      expect([answer.status, answer.body.code]).toEqual([409, 'no_second_factor']);
  });
});

describe('removing a factor', () => {
  it('needs one that was shown lately; with the last, the recovery codes go', async () => {
    const { person, at, secret } = await withTotp(env);
    await enrolPasskey(env, at, person);
    const [{ id }] = (await factors(at)).passkeys;
    env.clock.advance(STALE);
    expectStale(await at.api.delete(`${PASSKEYS}/${id}`));
    expectStale(await at.api.delete(TOTP));
    await show(at, codeOf(env, secret));
    expect((await at.api.delete(`${PASSKEYS}/${id}`)).status).toBe(204);
    expect((await at.api.delete(`${PASSKEYS}/${id}`)).status).toBe(404);
    expect((await factors(at)).recovery_codes_left).toBe(10);
    expect((await at.api.delete(TOTP)).status).toBe(204);
    expect(await factors(at)).toMatchObject({ enrolled: false, recovery_codes_left: 0 });
    const [event] = await auditEvents(env, 'second_factor.removed');
    expect(event.detail).toEqual({ username: person.username, factor: 'totp' });
    expect((await at.api.delete(TOTP)).status).toBe(404);
    const { status, location } = await at.browser.signIn(person.username, person.password);
    expect([status, location]).not.toContain('/oauth2/sign-in/second-factor');
  });

  it('of somebody else is 404', async () => {
    const other = await withPasskey(env);
    const [{ id }] = (await factors(other.at)).passkeys;
    const { at } = await withPasskey(env);
    expect((await at.api.delete(`${PASSKEYS}/${id}`)).status).toBe(404);
    expect((await at.api.delete(`${PASSKEYS}/x`)).status).toBe(400);
    expect((await factors(other.at)).passkeys).toHaveLength(1);
  });
});

describe('new recovery codes', () => {
  it('are shown once, and those of before are void', async () => {
    const { person, at, recoveryCodes } = await withTotp(env);
    const { status, body, headers } = await at.api.post(RECOVERY_CODES);
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(new Set([...body.recovery_codes, ...recoveryCodes]).size).toBe(20);
    expect((await signInWithCode(env, person, recoveryCodes[0]!)).status).toBe(403);
    expect((await signInWithCode(env, person, body.recovery_codes[0])).status).toBe(303);
  });
});

describe('a look at a secret or a token', () => {
  async function toReveal() {
    const { body } = await env.admin.post('/api/v1/clients', { body: { name: unique('client') } });
    const path = `/api/v1/clients/${body.client_id}`;
    const [secret] = (await env.admin.get(`${path}/secrets`)).body.items;
    const token = await env.admin.post(`${path}/tokens`, { body: { expires_in: 60 } });
    return [`${path}/secrets/${secret.id}/reveal`, `/api/v1/tokens/${token.body.id}/reveal`];
  }

  it('needs a factor that was shown lately, of a person who has one', async () => {
    const { at, secret } = await withTotp(env, { role: 'owner' });
    const paths = await toReveal();
    const looks = await countOf(env, 'credential.revealed');
    env.clock.advance(STALE);
    for (const path of paths) expectStale(await at.api.post(path));
    expect(await countOf(env, 'credential.revealed')).toBe(looks);
    await show(at, codeOf(env, secret));
    for (const path of paths) expect((await at.api.post(path)).status).toBe(200);
    expect(await countOf(env, 'credential.revealed')).toBe(looks + 2);
  });

  it('goes right after signing in with a factor, and as before without one', async () => {
    const [path] = await toReveal();
    const { person, secret } = await withTotp(env, { role: 'owner' });
    const at = await consoleWithCode(env, person, nextCode(env, secret));
    expect((await at.api.post(path!)).status).toBe(200);
    const plain = await atConsole(env, await addPerson(env, { role: 'owner' }));
    env.clock.advance(STALE);
    expect((await plain.api.post(path!)).status).toBe(200);
  });

  it('keeps a client’s last code masked where the factor is stale', async () => {
    const { at, secret } = await withTotp(env, { role: 'owner' });
    const flow = await CodeFlow.of(env, {}, await addPerson(env));
    const code = await flow.code();
    const last = async () =>
      (await at.api.get(`/api/v1/clients/${flow.client.clientId}`)).body.last_authorization
        .authorization_code;
    expect(await last()).toBe(code);
    env.clock.advance(STALE);
    expect(await last()).not.toBe(code);
    await show(at, codeOf(env, secret));
    expect(await last()).toBe(code);
  });
});

describe('what would let a stale factor be walked around', () => {
  const REVEALING = ['clients:read', 'credentials:reveal'];
  async function revealing({ api }: AtConsole): Promise<string> {
    const body = { name: unique('client'), scopes: REVEALING };
    return `/api/v1/clients/${(await api.post('/api/v1/clients', { body })).body.client_id}`;
  }
  const person = () => ({ username: unique('person'), password: 'a long pass phrase', role: 'user' });

  it.each<[string, (at: AtConsole) => Promise<() => ReturnType<ApiClient['post']>>, number]>([
    [
      'registering a client that may reveal',
      async ({ api }) => {
        const body = { name: unique('client'), scopes: REVEALING };
        return () => api.post('/api/v1/clients', { body });
      },
      201,
    ],
    [
      'giving a client credentials:reveal',
      async ({ api }) => {
        const { body } = await env.admin.post('/api/v1/clients', { body: { name: unique('client') } });
        return () => api.patch(`/api/v1/clients/${body.client_id}`, { body: { scopes: REVEALING } });
      },
      200,
    ],
    [
      'changing a client that may reveal',
      async (at) => {
        const path = await revealing(at);
        return () => at.api.patch(path, { body: { redirect_uris: ['https://app.example/cb'] } });
      },
      200,
    ],
    [
      'rotating its secret',
      async (at) => {
        const path = await revealing(at);
        return () => at.api.post(`${path}/secrets`);
      },
      201,
    ],
    [
      'handing out a token that may reveal',
      async (at) => {
        const path = await revealing(at);
        return () => at.api.post(`${path}/tokens`, { body: { expires_in: 60 } });
      },
      201,
    ],
    [
      'adding a person',
      async ({ api }) =>
        () =>
          api.post('/api/v1/operators', { body: person() }),
      201,
    ],
    [
      'setting the password of a person',
      async ({ api }) => {
        const { body } = await env.admin.post('/api/v1/operators', { body: person() });
        return () => api.patch(`/api/v1/operators/${body.id}`, { body: { password: 'another pass phrase' } });
      },
      200,
    ],
  ])('%s needs one that was shown lately', async (_, begin, done) => {
    const { at, secret } = await withTotp(env, { role: 'owner' });
    const attempt = await begin(at);
    env.clock.advance(STALE);
    expectStale(await attempt());
    await show(at, codeOf(env, secret));
    expect((await attempt()).status).toBe(done);
  });

  it('is said in the scheme that the token came by', async () => {
    const owner = await addPerson(env, { role: 'owner' });
    const scope = 'operators:write';
    const flow = await CodeFlow.of(env, { scopes: [scope] }, owner);
    const key = await Key.create();
    const proved = async (path: string, accessToken?: string) =>
      proofOf(env, key, { method: 'POST', path, accessToken }, { htu: env.publicUrl + path });
    const redeeming = { grant_type: 'authorization_code', code: await flow.code({ scope }) };
    const { clientId, clientSecret } = flow.client;
    const given = await ApiClient.basic(env.url, clientId, clientSecret!).post('/oauth2/token', {
      body: new URLSearchParams({ ...redeeming, redirect_uri: CALLBACK, code_verifier: VERIFIER }),
      headers: { dpop: await proved('/oauth2/token') },
    });
    expect(given.body.token_type).toBe('DPoP');
    await enrolTotp(env, await atConsole(env, owner), owner);
    const accessToken: string = given.body.access_token;
    const { status, headers } = await new ApiClient(env.url).post('/api/v1/operators', {
      body: person(),
      headers: {
        authorization: `DPoP ${accessToken}`,
        dpop: await proved('/api/v1/operators', accessToken),
      },
    });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(
      /^DPoP error="insufficient_user_authentication", .*max_age="300", algs="ES256 /,
    );
  });

  it('asks for none where nothing of it is at stake', async () => {
    const { at } = await withTotp(env, { role: 'owner' });
    const mayReveal = await revealing(at);
    env.clock.advance(STALE);
    const { status, body } = await at.api.post('/api/v1/clients', { body: { name: unique('client') } });
    expect(status).toBe(201);
    const path = `/api/v1/clients/${body.client_id}`;
    expect((await at.api.post(`${path}/tokens`, { body: { expires_in: 60 } })).status).toBe(201);
    expect((await at.api.delete(mayReveal)).status).toBe(204);
  });
});

describe('at rest', () => {
  it('a secret is sealed under the first master key, follows a new one, and stays when the vault is off', async () => {
    const [first, second] = [0, 1].map(() => randomBytes(32).toString('base64')) as [string, string];
    let own = await createTestEnvironment();
    try {
      const { person, secret } = await withTotp(own);
      const stored = async () =>
        (await own.database.query<{ secret: string }>('SELECT secret FROM operator_totps')).rows[0]!.secret;
      expect(await stored()).toBe(secret);
      const signsIn = async () => (await signInWithCode(own, person, nextCode(own, secret))).status;
      own = await own.restart({ POSTERN_MASTER_KEY: first });
      const underFirst = await stored();
      expect(underFirst).toMatch(/^seal1\./);
      expect(await signsIn()).toBe(303);
      own = await own.restart({ POSTERN_MASTER_KEY: `${second},${first}`, POSTERN_VAULT: 'true' });
      expect((await stored()).slice(0, 18)).not.toBe(underFirst.slice(0, 18));
      own = await own.restart({ POSTERN_MASTER_KEY: second });
      expect(await signsIn()).toBe(303);
      await own.database.query('UPDATE operator_totps SET secret = $1', [underFirst]);
      await expect(own.restart({ POSTERN_MASTER_KEY: second })).rejects.toThrow(
        /^The second factor of the person .*POSTERN_MASTER_KEY takes the keys of before/,
      );
      own = await own.restart({ POSTERN_MASTER_KEY: `${second},${first}` });
      expect(await signsIn()).toBe(303);
    } finally {
      await own.close();
    }
  });

  it('recovery codes are hashes, and no event holds a code or a key', async () => {
    const { at, secret, recoveryCodes } = await withTotp(env);
    await show(at, recoveryCodes[0]!);
    const tables = ['operator_recovery_codes', 'operator_totps', 'second_factor_challenges', 'audit_events'];
    for (const table of tables) {
      const { rows } = await env.database.query(`SELECT t::text AS row FROM ${table} t`);
      const text = JSON.stringify(rows);
      for (const hidden of [
        secret,
        ...recoveryCodes,
        ...recoveryCodes.map((code) => code.replaceAll('-', '')),
      ])
        expect([table, text.includes(hidden)]).toEqual([table, false]);
    }
  });
});
