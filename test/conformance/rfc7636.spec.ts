import { afterAll, beforeAll, expect } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { requirementsOf } from './requirement.js';
import { CHALLENGE, expectError, expectErrorRedirect, Setting, VERIFIER, type Client } from './setting.js';

const requirement = requirementsOf(7636);

let setting: Setting;
let client: Required<Client>;
beforeAll(async () => {
  setting = await Setting.create();
  client = setting.confidential;
  await setting.code(client);
});
afterAll(() => setting.close());

const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

requirement(
  '4.2',
  '"S256" is Mandatory To Implement on the server: a capable client MUST use it',
  async () => {
    expect((await setting.metadata()).code_challenge_methods_supported).toEqual(['S256']);
    const verifier = randomBytes(32).toString('base64url');
    const code = await setting.code(client, { code_challenge: challengeOf(verifier) });
    expect((await setting.redeem(client, code, { code_verifier: verifier })).status).toBe(200);
  },
);

requirement('4.3', 'code_challenge REQUIRED', async () => {
  for (const challenge of [undefined, '']) {
    const parameters = { code_challenge: challenge, code_challenge_method: undefined };
    expectErrorRedirect(await setting.ask(client, parameters), 'invalid_request');
  }
  const wrong = ['x', CHALLENGE.slice(1), `${CHALLENGE}=`, `${CHALLENGE.slice(1)}+`];
  for (const challenge of wrong)
    expectErrorRedirect(await setting.ask(client, { code_challenge: challenge }), 'invalid_request');
});

requirement(
  '4.4',
  'the server MUST associate the "code_challenge" and "code_challenge_method" values with the authorization code',
  async () => {
    const verifiers = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')];
    const [first, second] = [
      await setting.code(client, { code_challenge: challengeOf(verifiers[0]!) }),
      await setting.code(client, { code_challenge: challengeOf(verifiers[1]!) }),
    ];
    expectError(await setting.redeem(client, first, { code_verifier: verifiers[1]! }), 400, 'invalid_grant');
    expect((await setting.redeem(client, second, { code_verifier: verifiers[1]! })).status).toBe(200);
  },
);

requirement(
  '4.4',
  'the server MUST NOT include the "code_challenge" value in a form that other entities can extract',
  async () => {
    const page = await setting.follow(await setting.ask(client, { prompt: 'consent' }));
    expect(page.text).not.toContain(CHALLENGE);
    const { href } = await setting.response(client);
    expect(href).not.toContain(CHALLENGE);
    const decoded = Buffer.from(new URL(href).searchParams.get('code')!.slice(4), 'base64url');
    expect(decoded.includes(Buffer.from(CHALLENGE, 'base64url'))).toBe(false);
  },
);

requirement(
  '4.4.1',
  'if the server requires PKCE and the client does not send the "code_challenge", the authorization endpoint MUST return the error "invalid_request"',
  async () => {
    const without = { code_challenge: undefined, code_challenge_method: undefined };
    for (const one of [client, setting.native])
      expectErrorRedirect(await setting.ask(one, without), 'invalid_request');
  },
);

requirement(
  '4.4.1',
  'if the server does not support the requested transformation, the authorization endpoint MUST return the error "invalid_request"',
  async () => {
    for (const method of ['plain', 's256', 'S512', 'nonsense'])
      expectErrorRedirect(await setting.ask(client, { code_challenge_method: method }), 'invalid_request');
    // RFC 7636 §4.3: without a method it is "plain".
    expectErrorRedirect(await setting.ask(client, { code_challenge_method: undefined }), 'invalid_request');
  },
);

requirement('4.5', 'code_verifier REQUIRED', async () => {
  for (const verifier of [undefined, '']) {
    const code = await setting.code(client);
    expectError(await setting.redeem(client, code, { code_verifier: verifier }), 400, 'invalid_grant');
    expectError(await setting.redeem(client, code), 400, 'invalid_grant');
  }
});

requirement(
  '4.6',
  'if the values are equal, the token endpoint MUST continue processing as normal',
  async () => {
    for (const length of [43, 128]) {
      const verifier = 'aZ09-._~'.repeat(16).slice(0, length);
      const code = await setting.code(client, { code_challenge: challengeOf(verifier) });
      expect((await setting.redeem(client, code, { code_verifier: verifier })).status).toBe(200);
    }
  },
);

requirement('4.6', 'if the values are not equal, the error "invalid_grant" MUST be returned', async () => {
  for (const verifier of [VERIFIER.toLowerCase(), CHALLENGE, `${VERIFIER}x`, 'x', 'ü'.repeat(43)])
    expectError(
      await setting.redeem(client, await setting.code(client), { code_verifier: verifier }),
      400,
      'invalid_grant',
    );
  // Of one character, or too many: no verifier, even where its digest is the challenge (§4.1).
  for (const verifier of ['x', 'x'.repeat(42), 'x'.repeat(129), `${'x'.repeat(43)}+`]) {
    const code = await setting.code(client, { code_challenge: challengeOf(verifier) });
    expectError(await setting.redeem(client, code, { code_verifier: verifier }), 400, 'invalid_grant');
  }
});

requirement('7.2', 'clients MUST NOT downgrade to "plain" after trying the "S256" method', async () => {
  const downgraded = { code_challenge: VERIFIER, code_challenge_method: 'plain' };
  expectErrorRedirect(await setting.ask(client, downgraded), 'invalid_request');
  // A challenge that is taken for S256 is never compared as it is.
  const code = await setting.code(client, { code_challenge: VERIFIER });
  expectError(await setting.redeem(client, code, { code_verifier: VERIFIER }), 400, 'invalid_grant');
});
