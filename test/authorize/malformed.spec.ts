import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Browser, signedIn } from '../support/browser.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import '../support/fast-check.js';
import { rawRequest, type RawAnswer } from '../support/raw-request.js';
import { asking, CALLBACK, codeClient, openConsent } from './asking.js';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let env: TestEnvironment;
let clientId: string;
let browser: Browser;
beforeAll(async () => {
  env = await createTestEnvironment();
  ({ clientId } = await codeClient(env));
  browser = await signedIn(env);
});
afterAll(() => env.close());

const NAMES = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
  'response_mode',
  'prompt',
  'request',
  'request_uri',
  'access_token',
  'max_age',
  '__proto__',
  'constructor',
];

const NASTY = [
  '<script>alert(1)</script>',
  '"><svg onload=alert(1)>',
  "'-alert(1)-'",
  'javascript:alert(1)',
  '\r\nLocation: https://evil.example/',
  '\u0000',
  '%00',
  '../../etc/passwd',
  "' OR 1=1 --",
  '{{7*7}}',
  '__proto__',
  '\u202e',
  '😀',
  'x'.repeat(5000),
];

const value = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('code', CALLBACK, 'users:read', 'none', 'login', 'S256', ''),
);

/** Sound: no fault of ours, no redirect but to the client or our own page, nothing of the request as HTML. */
function faultOf({ status, headers, text }: RawAnswer): string | undefined {
  if (status >= 500 || ![200, 303, 400, 415, 431].includes(status)) return `status ${status}`;
  if (status === 303) {
    const { location = '' } = headers;
    const ours = /^\/oauth2\/(consent|sign-in)\?request=[0-9a-f-]{36}$/.test(location);
    const toClient = location.startsWith(`${CALLBACK}?`) && /^[\x21-\x7e]+$/.test(location);
    return ours || toClient ? undefined : `redirect to ${location}`;
  }
  if (status === 431) return undefined;
  if (!headers['content-security-policy']?.includes("default-src 'none'")) return 'no policy';
  return /<script|<svg onload|<img|onload=alert\(1\)>|javascript:/i.test(text)
    ? `reflected: ${text}`
    : undefined;
}

it('no parameter of an authorization request makes a fault, a stray redirect or a script', async () => {
  const changes = fc.array(fc.tuple(fc.constantFrom(...NAMES), value), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(changes, fc.boolean(), fc.boolean(), async (pairs, post, replace) => {
      const parameters = asking(clientId);
      for (const [name, text] of pairs) {
        if (replace) parameters.set(name, text);
        else parameters.append(name, text);
      }
      const answer = post
        ? await rawRequest(env.url, 'POST', '/oauth2/authorize', { headers: FORM, body: `${parameters}` })
        : await rawRequest(env.url, 'GET', `/oauth2/authorize?${parameters}`);
      expect(faultOf(answer)).toBeUndefined();
    }),
    { numRuns: 100 },
  );
});

it('nor do any bytes in the place of a query or a form', async () => {
  const character = fc.constantFrom(...'%&=+;?#[]<>"\'\\/ab1~', '%zz', '%00', '%C3', '%ed%a0%80');
  const bytes = fc.array(character, { maxLength: 80 }).map((all) => all.join(''));
  await fc.assert(
    fc.asyncProperty(bytes, async (noise) => {
      const path = `/oauth2/authorize?${asking(clientId)}&${noise.replaceAll(' ', '+')}`;
      expect(faultOf(await rawRequest(env.url, 'GET', path))).toBeUndefined();
      for (const body of [noise, `${asking(clientId)}&${noise}`]) {
        const answer = await rawRequest(env.url, 'POST', '/oauth2/authorize', { headers: FORM, body });
        expect(faultOf(answer)).toBeUndefined();
      }
    }),
    { numRuns: 100 },
  );
});

it('nor anything that is sent to the consent page', async () => {
  const cookie = [...browser.cookies].map(([name, text]) => `${name}=${text}`).join('; ');
  const fields = fc.array(fc.tuple(fc.constantFrom('request', 'csrf', 'decision', 'client_id', 'x'), value), {
    maxLength: 5,
  });
  const page = await openConsent(browser, asking(clientId));
  const good = page.forms.find(({ action }) => action === '/oauth2/consent')!.fields;
  await fc.assert(
    fc.asyncProperty(
      fields,
      fc.boolean(),
      fc.constantFrom('consent', 'consents'),
      async (pairs, withGood, at) => {
        const form = new URLSearchParams([...(withGood ? Object.entries(good) : []), ...pairs]);
        const path = `/oauth2/${at}`;
        const posted = await rawRequest(env.url, 'POST', path, {
          headers: { ...FORM, cookie },
          body: `${form}`,
        });
        const got = await rawRequest(env.url, 'GET', `${path}?${form}`, { headers: { cookie } });
        for (const answer of [posted, got]) {
          if (answer.status === 403) continue;
          expect(faultOf(answer)).toBeUndefined();
        }
      },
    ),
    { numRuns: 100 },
  );
});

it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'])('%s is 405', async (method) => {
  for (const path of ['authorize', 'consent', 'consents']) {
    const { status, headers } = await rawRequest(env.url, method, `/oauth2/${path}`);
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD, POST']);
  }
});
