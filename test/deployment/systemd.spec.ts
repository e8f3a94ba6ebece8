import { describe, expect, it } from '@jest/globals';
import { read, shownSecrets, STOPS_WITHIN, unknownVariables } from './artefacts.js';

const lines = read('deploy/systemd/postern.service')
  .split('\n')
  .filter((line) => /^\w+=/.test(line))
  .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
const all = (name: string) => lines.filter(([key]) => key === name).map(([, value]) => value);
const environment = Object.fromEntries(all('Environment').map((pair) => pair.split('=') as [string, string]));

describe('the systemd unit', () => {
  it('starts what `npm start` starts', () => {
    const { scripts } = JSON.parse(read('package.json'));
    expect(all('ExecStart')).toEqual([scripts.start.replace('exec node', '/usr/bin/node')]);
  });

  it('sets variables that there are, with each secret as a credential that it loads', () => {
    expect(unknownVariables(Object.keys(environment))).toEqual([]);
    expect(shownSecrets(Object.keys(environment))).toEqual([]);
    const credentials = all('LoadCredential').map((one) => one.split(':')[0]);
    const asked = Object.values(environment).filter((value) => value.startsWith('%d/'));
    expect(asked).toEqual(credentials.map((name) => `%d/${name}`));
    expect(environment.POSTERN_DATA_DIR).toBe(`%S/${all('StateDirectory')[0]}`);
  });

  it('leaves it the time that it takes to end, and starts it again whatever ended it', () => {
    expect(Number(all('TimeoutStopSec')[0])).toBeGreaterThan(STOPS_WITHIN);
    expect(all('Restart')).toEqual(['on-failure']);
    expect(all('StartLimitIntervalSec')).toEqual(['0']);
  });

  it.each([
    ['DynamicUser', 'yes'],
    ['NoNewPrivileges', 'yes'],
    ['CapabilityBoundingSet', ''],
    ['ProtectSystem', 'strict'],
    ['ProtectHome', 'yes'],
    ['PrivateTmp', 'yes'],
    ['PrivateDevices', 'yes'],
    ['PrivateUsers', 'yes'],
    ['ProtectProc', 'invisible'],
    ['RestrictNamespaces', 'yes'],
    ['SystemCallArchitectures', 'native'],
    ['UMask', '0077'],
  ])('has %s=%s', (name, value) => {
    expect(all(name)).toEqual([value]);
  });

  it('lets it speak IP and Unix sockets, make machine code, and be nicer for guesses; no more', () => {
    expect(all('RestrictAddressFamilies')).toEqual(['AF_INET AF_INET6 AF_UNIX']);
    expect(all('SystemCallFilter')).toEqual(['@system-service', '~@privileged @resources', 'setpriority']);
    expect(all('MemoryDenyWriteExecute')).toEqual([]);
  });
});
