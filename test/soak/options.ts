import { parseArgs } from 'node:util';

export interface SoakOptions {
  minutes: number;
  /** Calls a second, over all instances. */
  rate: number;
  instances: number;
  /** Whether PostgreSQL ends all connections from time to time. */
  faults: boolean;
}

/** @throws Error that names the option, and what it takes */
export function soakOptions(args: string[]): SoakOptions {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '60' },
      rate: { type: 'string', default: '60' },
      instances: { type: 'string', default: '2' },
      'no-faults': { type: 'boolean', default: false },
    },
  });
  return {
    minutes: positive('--minutes', values.minutes),
    rate: positive('--rate', values.rate),
    instances: Math.ceil(positive('--instances', values.instances)),
    faults: !values['no-faults'],
  };
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`${option} takes a number above zero.`);
  return number;
}
