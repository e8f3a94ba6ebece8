import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunningServer } from '../../apps/server/server.js';
import { ApiClient } from '../support/api-client.js';
import { Browser } from '../support/browser.js';
import { createDatabase, engine, type TestDatabase } from '../support/engine.js';
import { Configuration, startServer } from '../support/postern.js';
import { ServerProcess } from '../support/server-process.js';

const READY = /^Postern is ready on \S+ \(.*\)\n$/;

interface Credentials {
  name: string;
  id: string;
  secret: string;
}

function credentialsIn(text: string): Credentials[] {
  const lines = /# (.*)\nclient_id=(\S+)\nclient_secret=(\S+)/g;
  return [...text.matchAll(lines)].map(([, name, id, secret]) => ({ name: name!, id: id!, secret: secret! }));
}

/** The owner's, where his password was generated. */
function ownerIn(text: string): { username: string; password: string } | undefined {
  const [, username, password] = /# Owner\nusername=(\S+)\npassword=(\S+)\n/.exec(text) ?? [];
  return username && password ? { username, password } : undefined;
}

async function canSignIn(url: string, username: string, password: string): Promise<boolean> {
  return (await new Browser(url).signIn(username, password)).status === 303;
}

async function countDevices(server: ServerProcess, admin: ApiClient): Promise<number> {
  const { body: reader } = await admin.post('/api/v1/clients', { body: { name: 'reader' } });
  const { body } = await admin.post(`/api/v1/clients/${reader.client_id}/tokens`, {
    body: { expires_in: 60 },
  });
  const list = await ApiClient.bearer(server.url, body.access_token).get('/pam/v1/devices?count=true');
  return list.body.total;
}

describe('the first start', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase({ state: 'empty' });
  });
  afterEach(async () => {
    await ServerProcess.killAll();
    await database.drop();
  });

  const path = () => join(database.dataDir, 'bootstrap-credentials');

  it('writes the credentials to a file of its own where there is no terminal; they work, and the second start prints nothing', async () => {
    const server = await ServerProcess.start(database.environment);
    const [first, ready] = server.output.split(/(?<=\n)/);
    expect(first).toBe(`First start. The credentials are in ${path()}\n`);
    expect(ready).toMatch(READY);
    expect((await stat(path())).mode & 0o777).toBe(0o600);

    const [administrator, microservice] = credentialsIn(await readFile(path(), 'utf8'));
    expect(administrator!.name).toBe('Default Client Credential');
    expect(microservice!.name).toBe('mo-ssh-microservice-communication-key');
    const admin = ApiClient.basic(server.url, administrator!.id, administrator!.secret);
    const { body } = await admin.get('/api/v1/clients?sort=name');
    expect(body.items.map(({ name, customer_id }: any) => [name, customer_id])).toEqual([
      ['Default Client Credential', '10001'],
      ['mo-ssh-microservice-communication-key', '10001'],
    ]);
    expect(body.items[0].scopes).toEqual(expect.arrayContaining(['clients:write', 'audit:read']));
    expect(body.items[0].scopes).not.toContain('credentials:reveal');
    expect(body.items[1].scopes).toEqual(['tokens:introspect', 'inventory:write']);

    const owner = ownerIn(await readFile(path(), 'utf8'))!;
    expect(owner).toEqual({ username: 'owner', password: expect.stringMatching(/^[A-Za-z0-9_-]{24}$/) });
    expect(await canSignIn(server.url, owner.username, owner.password)).toBe(true);
    const { body: people } = await admin.get('/api/v1/operators');
    expect(people.items).toMatchObject([
      { username: 'owner', role: 'owner', active: true, customer_id: '10001' },
    ]);

    const other = ApiClient.basic(server.url, microservice!.id, microservice!.secret);
    const token = await other.post('/oauth2/token', {
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    expect(token.body.scope).toBe('tokens:introspect inventory:write');

    // The sample inventory comes with the embedded database alone.
    if (engine === 'embedded') expect(await countDevices(server, admin)).toBeGreaterThan(0);
    else expect(await countDevices(server, admin)).toBe(0);

    const written = await readFile(path(), 'utf8');
    await server.kill('SIGTERM');
    const second = await ServerProcess.start(database.environment);
    expect(second.output).toMatch(READY);
    expect(await readFile(path(), 'utf8')).toBe(written);
  });

  it('takes the credentials that it is given, and shows them nowhere', async () => {
    const secret = 'a secret of my own choice';
    const server = await ServerProcess.start({
      ...database.environment,
      POSTERN_ADMIN_CLIENT_ID: 'my-admin',
      POSTERN_ADMIN_CLIENT_SECRET: secret,
      POSTERN_DEFAULT_CUSTOMER: 'acme',
      POSTERN_SAMPLE_DATA: 'false',
      POSTERN_OWNER_USERNAME: 'ada@example.com',
      POSTERN_OWNER_PASSWORD: 'a password of my own choice',
    });
    const admin = ApiClient.basic(server.url, 'my-admin', secret);
    const { status, body } = await admin.get('/api/v1/clients/my-admin');
    expect(status).toBe(200);
    expect(body.customer_id).toBe('acme');
    const file = await readFile(path(), 'utf8');
    expect(credentialsIn(file).map(({ name }) => name)).toEqual(['mo-ssh-microservice-communication-key']);
    expect(ownerIn(file)).toBeUndefined();
    for (const chosen of [secret, 'a password of my own choice', 'ada@example.com'])
      expect(`${file}${server.output}`).not.toContain(chosen);
    expect(await canSignIn(server.url, 'ada@example.com', 'a password of my own choice')).toBe(true);
    expect(await countDevices(server, admin)).toBe(0);
  });

  it('shows the id that it generated for a secret that it was given', async () => {
    const secret = 'a secret of my own choice';
    const server = await ServerProcess.start({
      ...database.environment,
      POSTERN_ADMIN_CLIENT_SECRET: secret,
    });
    const [, id] = /# Default Client Credential\nclient_id=(\S+)\n#/.exec(await readFile(path(), 'utf8'))!;
    expect((await ApiClient.basic(server.url, id!, secret).get('/api/v1/clients')).status).toBe(200);
  });
});

it.each(['            ', 'the-owners-Name'])(
  'does not take %j for the owner’s password',
  async (password) => {
    const database = await createDatabase({ state: 'empty' });
    try {
      const configuration = Configuration.from({
        PORT: '0',
        LOG_LEVEL: 'error',
        ...database.environment,
        POSTERN_OWNER_USERNAME: 'the-owners-name',
        POSTERN_OWNER_PASSWORD: password,
      });
      await expect(startServer(configuration)).rejects.toThrow(
        /^POSTERN_OWNER_PASSWORD must not be [a-z ]+\.$/,
      );
    } finally {
      await database.drop();
    }
  },
);

describe('the start on a database of before there were people', () => {
  let database: TestDatabase;
  let server: RunningServer | undefined;
  beforeEach(async () => {
    database = await createDatabase();
  });
  afterEach(async () => {
    await server?.close();
    await database.drop();
  });

  it('makes the owner, and keeps what an earlier start has shown', async () => {
    const path = join(database.dataDir, 'bootstrap-credentials');
    const output = { write: () => true } as unknown as NodeJS.WriteStream;
    // The variable is read at the first start alone: this customer is not there.
    const configuration = Configuration.from({
      PORT: '0',
      LOG_LEVEL: 'error',
      POSTERN_DEFAULT_CUSTOMER: 'another',
      ...database.environment,
    });
    server = await startServer(configuration, { output });
    await server.database.query('DELETE FROM operators');
    await server.close();
    await writeFile(path, '# Default Client Credential\n');
    server = await startServer(configuration, { output });
    const file = await readFile(path, 'utf8');
    expect(file).toMatch(/^# Default Client Credential\n# Owner\n/);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const { username, password } = ownerIn(file)!;
    expect(await canSignIn(server.url, username, password)).toBe(true);
    const { rows } = await server.database.query('SELECT customer_id, role, password_hash FROM operators');
    // At the cost that is usual outside of tests.
    const password_hash = expect.stringMatching(/^\$2b\$10\$/);
    expect(rows).toEqual([{ customer_id: '10001', role: 'owner', password_hash }]);

    // There is somebody now, whoever it is.
    await server.database.query(`UPDATE operators SET username = 'ada', role = 'user'`);
    await server.close();
    server = await startServer(configuration, { output });
    expect((await server.database.query('SELECT username FROM operators')).rows).toEqual([
      { username: 'ada' },
    ]);
  });
});

describe('the first start on a terminal', () => {
  let database: TestDatabase;
  let server: RunningServer | undefined;
  beforeEach(async () => {
    database = await createDatabase({ state: 'empty' });
  });
  afterEach(async () => {
    await server?.close();
    await database.drop();
  });

  it('shows the credentials once, and writes no file', async () => {
    let shown = '';
    const terminal = { isTTY: true, write: (text: string) => Boolean((shown += text)) } as NodeJS.WriteStream;
    const configuration = Configuration.from({ PORT: '0', LOG_LEVEL: 'error', ...database.environment });
    server = await startServer(configuration, { output: terminal });
    expect(shown).toContain('These credentials are shown once');
    const [administrator] = credentialsIn(shown);
    const admin = ApiClient.basic(server.url, administrator!.id, administrator!.secret);
    expect((await admin.get('/api/v1/clients')).status).toBe(200);
    const { username, password } = ownerIn(shown)!;
    expect(await canSignIn(server.url, username, password)).toBe(true);
    await expect(stat(join(database.dataDir, 'bootstrap-credentials'))).rejects.toThrow('ENOENT');

    await server.close();
    shown = '';
    server = await startServer(configuration, { output: terminal });
    expect(shown).toBe('');
  });
});
