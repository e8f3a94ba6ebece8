import { aDevice } from '../a-device.js';
import { comparisonOf, sideBySide } from '../load.js';
import { Prover } from '../prover.js';
import type { BenchRow, Result } from '../row.js';

/** Enough for two cores; whatever is read beyond that makes its proof then. */
const PROOFS_A_SECOND = 6_000;

/**
 * A read with a token that is bound to a key, with a proof of its own each time, beside the same read with a
 * bearer token. Proofs are made before each turn: what is measured is what they cost the server.
 */
export const dpop: BenchRow = {
  name: 'dpop',
  engines: ['postgres', 'embedded'],
  async run(world): Promise<Result[]> {
    const url = world.url + (await aDevice(world));
    const client = await world.client({ name: 'reader' });
    const bearer = { authorization: `Bearer ${await world.token(client)}` };
    const body = await (await fetch(url, { headers: bearer })).text();
    const isRight = (answer: string) => answer === body;

    const prover = new Prover();
    const bound = await world.token(client, { dpop: prover.proof('POST', `${world.url}/oauth2/token`) });
    const proof = () => prover.proof('GET', url, bound);
    const proofs: string[] = [];
    const proved = {
      url,
      headers: { authorization: `DPoP ${bound}` },
      prepare(seconds: number) {
        // Those that were left over may have grown too old.
        proofs.length = 0;
        for (let made = 0; made < seconds * PROOFS_A_SECOND; made += 1) proofs.push(proof());
      },
      ownHeaders: () => ({ dpop: proofs.pop() ?? proof() }),
      isRight,
    };
    const beside = await sideBySide(proved, { url, headers: bearer, isRight }, world.options.duration);
    return [comparisonOf('read by id with a DPoP proof (ES256)', beside, 'with a bearer token')];
  },
};
