import { PeerProcess } from '../child.js';
import { comparisonOf, sideBySide } from '../load.js';
import type { BenchRow, Result } from '../row.js';

const ID = 'bench-device';

/** A read by id with a bearer token, beside a route that sends the same bytes and does nothing for them. */
export const read: BenchRow = {
  name: 'read',
  engines: ['postgres', 'embedded'],
  async run(world): Promise<Result[]> {
    const writer = await world.client({ name: 'writer', scopes: ['inventory:write'] });
    const device = {
      id: ID,
      name: 'db-01',
      address: '192.0.2.17',
      platform: 'linux',
      protocols: ['ssh'],
      ports: [22],
      zone: 'dmz',
      state: 'managed',
      group_ids: [],
    };
    const put = await fetch(`${world.url}/inventory/v1/devices`, {
      method: 'PUT',
      body: `${JSON.stringify(device)}\n`,
      headers: { 'content-type': 'application/x-ndjson', authorization: writer.authorization },
    });
    if (!put.ok) throw new Error(`The device was not made: ${put.status} ${await put.text()}`);
    const authorization = `Bearer ${await world.token(await world.client({ name: 'reader' }))}`;
    const url = `${world.url}/pam/v1/devices/${ID}`;
    const body = await (await fetch(url, { headers: { authorization } })).text();
    const peer = await PeerProcess.start('bare-route', body);
    const isRight = (answer: string) => answer === body;
    const beside = await sideBySide(
      { url, headers: { authorization }, isRight },
      { url: `${peer.url}/pam/v1/devices/${ID}`, headers: { authorization }, isRight },
      world.options.duration,
    );
    await peer.stop();
    return [comparisonOf('read by id with a bearer token', beside, 'bare Nest + Fastify route', 0.4)];
  },
};
