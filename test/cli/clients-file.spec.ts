import 'reflect-metadata';
import { expect, it } from '@jest/globals';
import { readClientsFile } from '../../apps/cli/clients/clients-file.js';
import { CommandFailure } from '../../apps/cli/program/failure.js';

const nines = (anchor: string) => `[${Array(9).fill(anchor).join(', ')}]`;

it.each([
  ['has no anchor', 'clients:\n  - *nobody\n', /clients\.yaml:2: Unresolved alias/],
  [
    'holds itself',
    'clients:\n  - &a {client_id: abc, name: x, scopes: [*a]}\n',
    /clients\.yaml:2: Converting circular structure/,
  ],
  [
    'stands for a million others',
    `x: &a ${nines('1')}\ny: &b ${nines('*a')}\nz: &c ${nines('*b')}\nclients:\n  - {client_id: abc, name: x, scopes: ${nines('*c')}}\n`,
    /clients\.yaml:5: Excessive alias count/,
  ],
])('an alias that %s is a fault of the file, by its line', async (_, text, words) => {
  const reading = readClientsFile('clients.yaml', text);
  await expect(reading).rejects.toThrow(words);
  await expect(reading).rejects.toBeInstanceOf(CommandFailure);
});
