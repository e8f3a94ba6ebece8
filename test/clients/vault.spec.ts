import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { auditEvents, countOf } from '../support/audit-events.js';
import { ApiClient } from '../support/api-client.js';
import { CodeFlow } from '../support/code-flow.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';

const key = () => randomBytes(32).toString('base64');

let env: TestEnvironment;

const start = (variables: Record<string, string>) => createTestEnvironment({ variables });

/** A client that may reveal, as only an owner can make one. */
async function revealer(): Promise<ApiClient> {
  const { clientId, clientSecret } = await env.registerClient();
  // In a transaction of the server's own: what it remembers of the client is over when it has committed.
  await env.database.transaction((own) =>
    own.query(
      `UPDATE clients SET scopes = scopes || '{credentials:reveal,clients:read}' WHERE client_id = $1`,
      [clientId],
    ),
  );
  return ApiClient.basic(env.url, clientId, clientSecret);
}

/** An owner in person, by a token that the code flow gave. */
async function owner(): Promise<ApiClient> {
  const flow = await CodeFlow.of(env);
  await env.database.transaction((own) =>
    own.query(`UPDATE clients SET scopes = '{credentials:reveal,clients:read}' WHERE client_id = $1`, [
      flow.client.clientId,
    ]),
  );
  const { body } = await flow.redeem(await flow.code({ scope: undefined }));
  return ApiClient.bearer(env.url, body.access_token);
}

async function clientWithSecret(client_secret?: string) {
  const { body } = await env.admin.post('/api/v1/clients', {
    body: { name: unique('client'), client_secret },
  });
  const secrets = `/api/v1/clients/${body.client_id}/secrets`;
  const { body: list } = await env.admin.get(secrets);
  return { ...body, reveal: `${secrets}/${list.items[0].id}/reveal`, secretId: list.items[0].id };
}

const sealedIn = async (table: string) =>
  (
    await env.database.query<{ sealed: string }>(
      `SELECT sealed FROM ${table} WHERE sealed IS NOT NULL ORDER BY id`,
    )
  ).rows.map(({ sealed }) => sealed);

const countLooks = () => countOf(env, 'credential.revealed');

describe('the vault', () => {
  afterEach(async () => {
    await env.close();
  });

  it('is off by default: nothing that can be recovered is stored, and a reveal is 409', async () => {
    env = await start({ POSTERN_MASTER_KEY: key() });
    const { reveal } = await clientWithSecret();
    expect(await sealedIn('client_secrets')).toEqual([]);
    const { status, body } = await (await revealer()).post(reveal);
    expect([status, body.code]).toEqual([409, 'vault_disabled']);
  });

  it('weakens nothing that was there when it was turned on, follows the first key, and forgets when turned off', async () => {
    const [first, second] = [key(), key()];
    env = await start({ POSTERN_MASTER_KEY: first });
    const before = await clientWithSecret();
    const api = await revealer();

    env = await env.restart({ POSTERN_MASTER_KEY: first, POSTERN_VAULT: 'true' });
    expect((await api.at(env.url).post(before.reveal)).body.code).toBe('not_in_vault');
    const kept = await clientWithSecret();

    env = await env.restart({ POSTERN_MASTER_KEY: `${second},${first}`, POSTERN_VAULT: 'true' });
    env = await env.restart({ POSTERN_MASTER_KEY: second, POSTERN_VAULT: 'true' });
    expect((await api.at(env.url).post(kept.reveal)).body.client_secret).toBe(kept.client_secret);

    env = await env.restart({ POSTERN_MASTER_KEY: second });
    expect(await sealedIn('client_secrets')).toEqual([]);
    expect((await api.at(env.url).post(kept.reveal)).body.code).toBe('vault_disabled');
    expect(await env.token(kept.client_id, kept.client_secret)).toEqual(expect.any(String));
  });

  it('seals anew and erases whatever lies under whichever key, in more than one batch', async () => {
    const [first, second, third] = [key(), key(), key()];
    env = await start({ POSTERN_MASTER_KEY: first, POSTERN_VAULT: 'true' });
    const { clientId } = await env.registerClient();
    const tokens = `/api/v1/clients/${clientId}/tokens`;
    const handOut = async () => (await env.admin.at(env.url).post(tokens, { body: { expires_in: 60 } })).body;
    const api = await revealer();
    const kept = [await handOut()];
    await Promise.all(Array.from({ length: 520 }, handOut));
    env = await env.restart({ POSTERN_MASTER_KEY: `${first},${second},${third}`, POSTERN_VAULT: 'true' });
    kept.push(await handOut());
    env = await env.restart({ POSTERN_MASTER_KEY: `${third},${second},${first}`, POSTERN_VAULT: 'true' });
    const sealed = await sealedIn('access_tokens');
    expect(sealed.length).toBeGreaterThan(520);
    expect(new Set(sealed.map((one) => one.slice(0, 18))).size).toBe(1);
    env = await env.restart({ POSTERN_MASTER_KEY: third, POSTERN_VAULT: 'true' });
    for (const { id, access_token } of kept)
      expect((await api.at(env.url).post(`/api/v1/tokens/${id}/reveal`)).body.access_token).toBe(
        access_token,
      );
    env = await env.restart({ POSTERN_MASTER_KEY: third });
    expect(await sealedIn('access_tokens')).toEqual([]);
  });

  it('stops a start that lacks a key under which something lies, and says what to do', async () => {
    const [first, second] = [key(), key()];
    env = await start({ POSTERN_MASTER_KEY: first, POSTERN_VAULT: 'true' });
    await clientWithSecret();
    await env.database.query('CREATE TABLE under_the_first AS SELECT id, sealed FROM client_secrets');
    env = await env.restart({ POSTERN_MASTER_KEY: `${second},${first}`, POSTERN_VAULT: 'true' });
    // The signing keys, which would stop it as well, are under the second by now.
    await env.database.query(
      'UPDATE client_secrets s SET sealed = u.sealed FROM under_the_first u WHERE u.id = s.id',
    );
    await expect(env.restart({ POSTERN_MASTER_KEY: second, POSTERN_VAULT: 'true' })).rejects.toThrow(
      /^What the vault keeps in client_secrets\.sealed .*POSTERN_VAULT=false erases/,
    );
    env = await env.restart({ POSTERN_MASTER_KEY: second });
    expect(await sealedIn('client_secrets')).toEqual([]);
  });
});

describe('the vault that is on', () => {
  beforeAll(async () => {
    env = await start({ POSTERN_MASTER_KEY: key(), POSTERN_VAULT: 'true' });
  });
  afterAll(() => env.close());

  it('shows a secret again, generated or supplied, to who may reveal, and each look is on record', async () => {
    const api = await revealer();
    for (const supplied of [undefined, 'a secret that somebody chose']) {
      const { reveal, client_secret, client_id, secretId } = await clientWithSecret(supplied);
      const { status, body, headers } = await api.post(reveal);
      expect([status, body]).toEqual([200, { id: secretId, client_secret }]);
      expect(headers.get('cache-control')).toBe('no-store');
      const [event] = await auditEvents(env, 'credential.revealed');
      expect(event).toMatchObject({
        client_id,
        detail: { credential: 'client_secret', secret_id: secretId },
      });
      expect(JSON.stringify(event)).not.toContain(client_secret);
    }
    expect((await sealedIn('client_secrets')).every((sealed) => sealed.startsWith('seal1.'))).toBe(true);
  });

  it('shows nothing to who may not: without the scope, or of a client with more scopes than he has', async () => {
    const looks = await countLooks();
    const { reveal } = await clientWithSecret();
    expect((await env.admin.post(reveal)).status).toBe(403);
    const { clientId } = await env.registerClient({ scopes: ['audit:read'] });
    const { body } = await env.admin.get(`/api/v1/clients/${clientId}/secrets`);
    const ofMore = `/api/v1/clients/${clientId}/secrets/${body.items[0].id}/reveal`;
    expect((await (await revealer()).post(ofMore)).status).toBe(403);
    expect(await countLooks()).toBe(looks);
  });

  it('is 404 for another customer’s secret', async () => {
    const other = await env.addCustomer('20002');
    const { body } = await other.post('/api/v1/clients', { body: { name: 'theirs' } });
    const { body: list } = await other.get(`/api/v1/clients/${body.client_id}/secrets`);
    const reveal = `/api/v1/clients/${body.client_id}/secrets/${list.items[0].id}/reveal`;
    expect((await (await revealer()).post(reveal)).status).toBe(404);
  });

  it('shows a token again, opaque or JWT, fetched or handed out, but not of a client with more scopes', async () => {
    const api = await revealer();
    for (const access_token_format of ['opaque', 'jwt']) {
      const { clientId, clientSecret } = await env.registerClient({ access_token_format });
      const path = `/api/v1/clients/${clientId}/tokens`;
      const handedOut = (await env.admin.post(path, { body: { expires_in: 60 } })).body.access_token;
      const fetched = await env.token(clientId, clientSecret);
      const { body } = await env.admin.get(path);
      const shown = await Promise.all(
        body.items.map(
          async ({ id }: { id: string }) => (await api.post(`/api/v1/tokens/${id}/reveal`)).body.access_token,
        ),
      );
      expect(shown).toEqual(expect.arrayContaining([handedOut, fetched]));
      const [event] = await auditEvents(env, 'credential.revealed');
      expect(event).toMatchObject({ client_id: clientId, detail: { credential: 'access_token' } });
    }
    const more = await env.registerClient({ scopes: ['audit:read'] });
    const { body } = await env.admin.get(`/api/v1/clients/${more.clientId}/tokens`);
    expect((await api.post(`/api/v1/tokens/${body.items[0].id}/reveal`)).status).toBe(403);
    expect((await env.admin.post(`/api/v1/tokens/${body.items[0].id}/reveal`)).status).toBe(403);
  });

  it('shows the last code and token of the flow in full to an owner, and masked to others', async () => {
    const flow = await CodeFlow.of(env);
    const code = await flow.code();
    const { access_token } = (await flow.redeem(code)).body;
    const api = await owner();
    const path = `/api/v1/clients/${flow.client.clientId}`;
    const { body, headers } = await api.get(path);
    const shown = body.last_authorization;
    expect([shown.authorization_code, shown.access_token]).toEqual([code, access_token]);
    expect(headers.get('cache-control')).toBe('no-store');
    const looks = await auditEvents(env, 'credential.revealed', `&client_id=${flow.client.clientId}`);
    expect(looks.map(({ detail }) => detail.credential).sort()).toEqual([
      'access_token',
      'authorization_code',
    ]);
    for (const other of [env.admin, await revealer()]) {
      const read = await other.get(path);
      expect(read.headers.get('cache-control')).toBe('no-store');
      const masked = read.body.last_authorization;
      expect([masked.authorization_code, masked.access_token]).toEqual([
        expect.stringContaining('…'),
        expect.stringContaining('…'),
      ]);
    }
    const listed = (await api.get('/api/v1/clients?limit=1000')).text;
    expect(listed).not.toContain(code);
    expect(listed).not.toContain(access_token);
  });

  it('shows a person’s token to nobody who could not be that person', async () => {
    const looks = await countLooks();
    const flow = await CodeFlow.of(env);
    const { accessToken } = await flow.tokens();
    const { body } = await env.admin.get(`/api/v1/clients/${flow.client.clientId}/tokens`);
    const reveal = `/api/v1/tokens/${body.items[0].id}/reveal`;
    expect((await (await revealer()).post(reveal)).status).toBe(403);
    expect(await countLooks()).toBe(looks);
    expect((await ApiClient.bearer(env.url, accessToken).get('/pam/v1/users')).status).toBe(200);
  });

  it('shows nothing of another customer’s clients to who may see them and not change them', async () => {
    const looks = await countLooks();
    const flow = await CodeFlow.of(env);
    await flow.tokens();
    await env.database.query(
      `INSERT INTO customers (customer_id, name, created_at, updated_at) VALUES ('30003', 'x', now(), now())`,
    );
    const { body } = await env.admin.post('/api/v1/clients', {
      body: { name: 'watcher', customer_id: '30003' },
    });
    await env.database.query('UPDATE clients SET scopes = $2 WHERE client_id = $1', [
      body.client_id,
      ['credentials:reveal', 'clients:read', 'tokens:read', 'customers:read'],
    ]);
    const watcher = ApiClient.basic(env.url, body.client_id, body.client_secret);
    const path = `/api/v1/clients/${flow.client.clientId}`;
    const { last_authorization: shown } = (await watcher.get(path)).body;
    expect([shown.authorization_code, shown.access_token]).toEqual([
      expect.stringContaining('…'),
      expect.stringContaining('…'),
    ]);
    const secret = (await watcher.get(`${path}/secrets`)).body.items[0].id;
    const token = (await watcher.get(`${path}/tokens`)).body.items[0].id;
    expect((await watcher.post(`${path}/secrets/${secret}/reveal`)).status).toBe(404);
    expect((await watcher.post(`/api/v1/tokens/${token}/reveal`)).status).toBe(404);
    expect(await countLooks()).toBe(looks);
  });

  it('does not show what was its namesake’s, once a client id is used again', async () => {
    const looks = await countLooks();
    const { clientId } = await env.registerClient();
    const { id } = (await env.admin.get(`/api/v1/clients/${clientId}/tokens`)).body.items[0];
    await env.admin.delete(`/api/v1/clients/${clientId}`);
    const api = await revealer();
    expect((await api.post(`/api/v1/tokens/${id}/reveal`)).status).toBe(404);
    await env.registerClient({ client_id: clientId });
    expect((await api.post(`/api/v1/tokens/${id}/reveal`)).status).toBe(404);
    expect(await countLooks()).toBe(looks);
  });

  it('does not open what was moved to another row', async () => {
    const [one, other] = [await clientWithSecret(), await clientWithSecret()];
    await env.database.query(
      'UPDATE client_secrets SET sealed = (SELECT sealed FROM client_secrets WHERE id = $2) WHERE id = $1',
      [one.secretId, other.secretId],
    );
    const { status, text } = await (await revealer()).post(one.reveal);
    expect(status).toBe(500);
    expect(text).not.toContain(other.client_secret);
  });
});
