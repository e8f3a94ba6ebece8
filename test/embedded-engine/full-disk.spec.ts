import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect } from '@jest/globals';
import { AcknowledgedLoad } from '../support/acknowledged-load.js';
import { ApiClient } from '../support/api-client.js';
import { copyFolder, createDatabase, type TestDatabase } from '../support/engine.js';
import { figure } from '../support/figures.js';
import { ServerProcess } from '../support/server-process.js';
import { itWithSmallDisk, SmallDisk } from '../support/small-disk.js';
import { until } from '../support/waiting.js';

/** The database takes 60 MB of it. */
const DISK_MB = 160;
const SPOOL_MB = 1;

describe('a disk that is full', () => {
  const disks: SmallDisk[] = [];
  let database: TestDatabase | undefined;
  afterEach(async () => {
    await ServerProcess.killAll();
    await Promise.all(disks.splice(0).map((disk) => disk.unmount()));
    await database?.drop();
  });

  async function diskOf(megabytes: number): Promise<SmallDisk> {
    const disk = await SmallDisk.of(megabytes);
    disks.push(disk);
    return disk;
  }

  itWithSmallDisk(
    'refuses what it cannot keep and says why, keeps what it has acknowledged, and goes on when there is room',
    async () => {
      const disk = await diskOf(DISK_MB);
      database = await createDatabase();
      await copyFolder(join(database.dataDir, 'postgres'), disk.folder);
      let server = await ServerProcess.start({ POSTERN_DATA_DIR: disk.folder });
      const load = await AcknowledgedLoad.at(server.url);
      await disk.fill(300_000);
      await load.begin();
      await until('callers are told that it is full', () => (load.answers.get(503) ?? 0) > 50, 60_000);
      await server.untilPrinted('No space left on device');
      const acknowledged = load.total;
      await disk.makeRoom();
      await until('it goes on by itself', () => load.total > acknowledged + 20);
      await load.end();
      expect(load.unexpected).toEqual([]);
      await load.expectNothingLost();
      await server.kill('SIGKILL');
      server = await ServerProcess.start({ POSTERN_DATA_DIR: disk.folder });
      await load.expectNothingLost(server.url);
      figure('full disk, acknowledged and there', load.counts);
    },
    120_000,
  );

  itWithSmallDisk(
    'is a problem of its own for an import that does not fit, and for nobody else',
    async () => {
      const disk = await diskOf(SPOOL_MB);
      database = await createDatabase();
      const server = await ServerProcess.start({ ...database.environment, TMPDIR: disk.folder });
      const admin = ApiClient.basic(server.url, 'test-admin', process.env.POSTERN_TEST_ADMIN_SECRET!);
      const body = `${JSON.stringify({ id: 'a', name: 'x'.repeat(100) })}\n`.repeat(30_000);
      const headers = { 'content-type': 'application/x-ndjson' };
      const refused = await admin.put('/inventory/v1/devices', { body, headers });
      expect({ status: refused.status, code: refused.body.code }).toEqual({
        status: 507,
        code: 'insufficient_storage',
      });
      await server.untilPrinted('ENOSPC');
      expect((await statfs(disk.folder)).bavail).toBeGreaterThan(0);
      expect((await admin.put('/inventory/v1/devices', { body: '', headers })).status).toBe(200);
    },
  );
});
