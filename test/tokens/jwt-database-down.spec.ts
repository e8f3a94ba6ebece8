import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { RunningServer } from '../../apps/server/server.js';
import { ApiClient } from '../support/api-client.js';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { MovableClock } from '../support/movable-clock.js';
import { Configuration, startServer } from '../support/postern.js';
import { TcpProxy } from '../support/tcp-proxy.js';

describeOnPostgres('the JWKS while the database does not answer', () => {
  const clock = new MovableClock();
  let database: TestDatabase;
  let proxy: TcpProxy;
  let server: RunningServer;
  beforeAll(async () => {
    database = await createDatabase();
    proxy = await TcpProxy.to(database.environment.DATABASE_URL!);
    const variables = { ...database.environment, DATABASE_URL: proxy.url, PORT: '0', LOG_LEVEL: 'silent' };
    server = await startServer(Configuration.from(variables), { clock });
  });
  afterAll(async () => {
    await server.close();
    await proxy.close();
    await database.drop();
  });

  const jwks = () => new ApiClient(server.url).get('/oauth2/jwks');

  it('is what it was for five minutes, then 503, and back with the database', async () => {
    const { body } = await jwks();
    expect(body.keys).toHaveLength(2);
    await proxy.cut();
    clock.advance(290);
    expect((await jwks()).body).toEqual(body);
    clock.advance(20);
    const { status, headers, body: problem } = await jwks();
    expect([status, problem.error]).toEqual([503, 'temporarily_unavailable']);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    expect(headers.get('cache-control')).toBe('no-store');
    await proxy.restore();
    expect((await jwks()).body).toEqual(body);
  });
});
