import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { eventually } from '../support/eventually.js';
import { ServerProcess } from '../support/server-process.js';
import { startTransactionPooler, type TransactionPooler } from '../support/transaction-pooler.js';

describeOnPostgres('behind a pooler that lends sessions by the transaction', () => {
  let env: TestEnvironment;
  let pooler: TransactionPooler;
  let other: ServerProcess;
  beforeAll(async () => {
    env = await createTestEnvironment();
    pooler = await startTransactionPooler(env.databaseUrl!);
    other = ServerProcess.spawn({ DATABASE_URL: pooler.url });
  });
  afterAll(async () => {
    await other.kill('SIGTERM');
    pooler.close();
    await env.close();
  });

  it('a token that another instance revoked is refused', async () => {
    const { clientId, api } = await env.registerClient({ scopes: ['users:read'] });
    const there = api.at(await other.ready);
    expect((await there.get('/pam/v1/users')).status).toBe(200);
    expect((await there.get('/pam/v1/users')).status).toBe(200);
    expect((await env.admin.delete(`/api/v1/clients/${clientId}/tokens`)).status).toBeLessThan(300);
    await eventually(async () => (await there.get('/pam/v1/users')).status === 401);
  });
});
