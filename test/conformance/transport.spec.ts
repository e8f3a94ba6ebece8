import { afterAll, beforeAll, expect } from '@jest/globals';
import { Browser } from '../support/browser.js';
import { requirementsOf } from './requirement.js';
import { Setting } from './setting.js';

const PUBLIC_URL = 'https://postern.example.com';

let setting: Setting;
beforeAll(async () => {
  setting = await Setting.create({ POSTERN_PUBLIC_URL: PUBLIC_URL });
});
afterAll(() => setting.close());

requirementsOf(6750)(
  '5.3',
  'implementations MUST NOT store bearer tokens within cookies that can be sent in the clear (behind TLS, every cookie is Secure, HttpOnly and of this host alone)',
  async () => {
    const browser = new Browser(setting.env.url);
    const page = await setting.follow(await setting.ask(setting.confidential, {}, browser), browser);
    const signedIn = await browser.submit(page, '/oauth2/sign-in', setting.person);
    const cookies = [...page.setCookie, ...signedIn.setCookie];
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-/);
      for (const attribute of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/'])
        expect(cookie.split('; ')).toContain(attribute);
    }
  },
);

requirementsOf(7009)(
  '2',
  'URLs for token revocation endpoints MUST be HTTPS URLs (and an HTTP one MUST NOT be published)',
  async () => {
    const metadata = await setting.metadata();
    expect(metadata.revocation_endpoint).toBe(`${PUBLIC_URL}/oauth2/revoke`);
    for (const value of Object.values(metadata).flat()) expect(String(value)).not.toMatch(/^http:/);
  },
);

requirementsOf(8414)('2', 'issuer REQUIRED (a URL that uses the "https" scheme)', async () => {
  expect((await setting.metadata()).issuer).toBe(PUBLIC_URL);
});

requirementsOf(8414)('2', 'the URL of jwks_uri MUST use the "https" scheme', async () => {
  expect((await setting.metadata()).jwks_uri).toBe(`${PUBLIC_URL}/oauth2/jwks`);
});

requirementsOf(9207)(
  '2',
  'in authorization responses, including error responses, the authorization server MUST indicate its identity by including the "iss" parameter',
  async () => {
    const { searchParams } = await setting.response(setting.confidential);
    expect(searchParams.get('code')).toEqual(expect.any(String));
    expect(searchParams.getAll('iss')).toEqual([PUBLIC_URL]);
    const { location } = await setting.ask(setting.confidential, { scope: 'nonsense' });
    expect(new URL(location!).searchParams.getAll('iss')).toEqual([PUBLIC_URL]);
  },
);

requirementsOf(9207)(
  '2',
  'the value of the "iss" parameter MUST be a URL that uses the "https" scheme without any query or fragment components',
  async () => {
    const { searchParams } = await setting.response(setting.confidential);
    const { protocol, search, hash } = new URL(searchParams.get('iss')!);
    expect([protocol, search, hash]).toEqual(['https:', '', '']);
  },
);

requirementsOf(9207)(
  '2.3',
  'the issuer identifier in the metadata value "issuer" MUST be identical to the "iss" parameter’s value',
  async () => {
    const { searchParams } = await setting.response(setting.confidential);
    expect(searchParams.get('iss')).toBe((await setting.metadata()).issuer);
  },
);

requirementsOf(9207)(
  '2.3',
  'the server MUST indicate its support by setting authorization_response_iss_parameter_supported to true',
  async () => {
    expect((await setting.metadata()).authorization_response_iss_parameter_supported).toBe(true);
  },
);
