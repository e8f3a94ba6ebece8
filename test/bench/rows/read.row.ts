import { aDevice } from '../a-device.js';
import { PeerProcess } from '../child.js';
import { comparisonOf, sideBySide } from '../load.js';
import type { BenchRow, Result } from '../row.js';

/** A read by id with a bearer token, beside a route that sends the same bytes and does nothing for them. */
export const read: BenchRow = {
  name: 'read',
  engines: ['postgres', 'embedded'],
  async run(world): Promise<Result[]> {
    const path = await aDevice(world);
    const authorization = `Bearer ${await world.token(await world.client({ name: 'reader' }))}`;
    const url = world.url + path;
    const body = await (await fetch(url, { headers: { authorization } })).text();
    const peer = await PeerProcess.start('bare-route', body);
    const isRight = (answer: string) => answer === body;
    const beside = await sideBySide(
      { url, headers: { authorization }, isRight },
      { url: peer.url + path, headers: { authorization }, isRight },
      world.options.duration,
    );
    await peer.stop();
    return [comparisonOf('read by id with a bearer token', beside, 'bare Nest + Fastify route', 0.4)];
  },
};
