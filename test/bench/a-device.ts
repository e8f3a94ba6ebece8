import type { World } from './world.js';

const ID = 'bench-device';
const DEVICE = {
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

/** Brings one device in. @returns the path at which it is read */
export async function aDevice(world: World): Promise<string> {
  const writer = await world.client({ name: 'writer', scopes: ['inventory:write'] });
  const put = await fetch(`${world.url}/inventory/v1/devices`, {
    method: 'PUT',
    body: `${JSON.stringify(DEVICE)}\n`,
    headers: { 'content-type': 'application/x-ndjson', authorization: writer.authorization },
  });
  if (!put.ok) throw new Error(`The device was not made: ${put.status} ${await put.text()}`);
  return `/pam/v1/devices/${ID}`;
}
