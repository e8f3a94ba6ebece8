import { TOTP } from 'otpauth';
import { Browser, type PageResponse } from './browser.js';
import { createTestEnvironment, type TestEnvironment } from './create-test-environment.js';
import { consoleIn, atConsole, type AtConsole } from './first-party.js';
import { freePort } from './free-port.js';
import { addPerson, type Person } from './people.js';
import { SoftwarePasskey } from './software-passkey.js';

export const FACTORS = '/api/v1/account/second-factor';
export const SECOND_FACTOR = '/oauth2/sign-in/second-factor';
export const ENROLMENT = '/oauth2/sign-in/enrolment';

/** A server that people reach as localhost, by which name passkeys are possible. */
export async function atLocalhost(variables: Record<string, string> = {}): Promise<TestEnvironment> {
  const port = String(await freePort());
  return createTestEnvironment({
    variables: { PORT: port, POSTERN_PUBLIC_URL: `http://localhost:${port}`, ...variables },
  });
}

/** A person with an app that shows codes, and the browser in which he enrolled it. */
export interface WithTotp {
  person: Person;
  at: AtConsole;
  secret: string;
  recoveryCodes: string[];
}

/** What an app shows now, or so many steps from now. */
export function codeOf({ clock }: TestEnvironment, secret: string, steps = 0): string {
  return new TOTP({ secret }).generate({ timestamp: clock.now().getTime() + steps * 30_000 });
}

/** Time goes on to the beginning of the app's next step, so that none ends while a test looks. */
export function nextStep({ clock }: TestEnvironment): void {
  clock.advance(31 - ((clock.now().getTime() / 1000) % 30));
}

/** The next code that has not been used: time goes on until the app shows it. */
export function nextCode(env: TestEnvironment, secret: string): string {
  nextStep(env);
  return codeOf(env, secret);
}

/** A code that is none of the three that are good now. */
export function wrongCode(env: TestEnvironment, secret: string): string {
  const good = [-1, 0, 1].map((steps) => codeOf(env, secret, steps));
  return ['000000', '111111', '222222', '333333'].find((code) => !good.includes(code))!;
}

/** Enrols an app for whoever sits at the console; his first factor. */
export async function enrolTotp(
  env: TestEnvironment,
  { api }: AtConsole,
  { password }: Pick<Person, 'password'>,
): Promise<{ secret: string; recoveryCodes: string[] }> {
  const begun = await api.post(`${FACTORS}/totp/begin`, { body: { current_password: password } });
  const { secret } = begun.body;
  const { status, body, text } = await api.post(`${FACTORS}/totp`, { body: { code: codeOf(env, secret) } });
  if (status !== 201) throw new Error(`The app was not enrolled: ${begun.status}, ${status} ${text}`);
  return { secret, recoveryCodes: body.recovery_codes };
}

/** A new person with an app. */
export async function withTotp(
  env: TestEnvironment,
  fields: Parameters<typeof addPerson>[1] = {},
): Promise<WithTotp> {
  const person = await addPerson(env, fields);
  const at = await atConsole(env, person);
  return { person, at, ...(await enrolTotp(env, at, person)) };
}

/** Enrols a passkey for whoever sits at the console; his first factor, or one that he has shown lately. */
export async function enrolPasskey(
  env: TestEnvironment,
  { api }: AtConsole,
  { password }: Pick<Person, 'password'>,
  passkey = new SoftwarePasskey(),
): Promise<SoftwarePasskey> {
  const { body: begun } = await api.post(`${FACTORS}/passkeys/options`, {
    body: { current_password: password },
  });
  const response = passkey.create(begun.options, { origin: env.publicUrl });
  const { status, text } = await api.post(`${FACTORS}/passkeys`, { body: { response, name: 'The key' } });
  if (status !== 201) throw new Error(`The passkey was not enrolled: ${status} ${text}`);
  return passkey;
}

/** A new person with a passkey. */
export async function withPasskey(
  env: TestEnvironment,
  fields: Parameters<typeof addPerson>[1] = {},
): Promise<{ person: Person; at: AtConsole; passkey: SoftwarePasskey }> {
  const person = await addPerson(env, fields);
  const at = await atConsole(env, person);
  return { person, at, passkey: await enrolPasskey(env, at, person) };
}

/** The page between password and session, in a browser of its own. */
export async function challenged(
  env: TestEnvironment,
  { username, password }: Pick<Person, 'username' | 'password'>,
  headers: Record<string, string> = {},
): Promise<{ browser: Browser; page: PageResponse }> {
  const browser = new Browser(env.url, headers);
  const { status, location } = await browser.signIn(username, password);
  if (status !== 303 || location !== SECOND_FACTOR)
    throw new Error(`No second factor is asked for: ${status} ${location}`);
  return { browser, page: await browser.get(SECOND_FACTOR) };
}

/** Signs in with a code. */
export async function signInWithCode(
  env: TestEnvironment,
  person: Pick<Person, 'username' | 'password'>,
  code: string,
): Promise<PageResponse & { browser: Browser }> {
  const { browser, page } = await challenged(env, person);
  return { ...(await browser.submit(page, SECOND_FACTOR, { code })), browser };
}

/** In the console again, after signing in with a code. */
export async function consoleWithCode(
  env: TestEnvironment,
  person: Pick<Person, 'username' | 'password'>,
  code: string,
): Promise<AtConsole> {
  const { status, browser, text } = await signInWithCode(env, person, code);
  if (status !== 303) throw new Error(`Nobody is signed in: ${status} ${text}`);
  return consoleIn(env, browser);
}

export const isSignedIn = async (browser: Browser): Promise<boolean> =>
  (await browser.get('/oauth2/sign-in')).text.includes('signed in as');

/** A browser that an application, Cost centres, has sent to the sign-in page. */
export async function sentToSignIn(env: TestEnvironment): Promise<{ browser: Browser; request: string }> {
  const client = await env.registerClient({
    name: 'Cost centres',
    grant_types: ['client_credentials', 'authorization_code'],
    redirect_uris: ['https://app.example.com/callback'],
  });
  const browser = new Browser(env.url);
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client.clientId,
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  });
  const asked = await browser.get((await browser.get(`/oauth2/authorize?${query}`)).location!);
  return { browser, request: new URL(asked.location!, env.url).searchParams.get('request')! };
}
