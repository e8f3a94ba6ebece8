import { randomUUID } from 'node:crypto';
import autocannon from 'autocannon';
import { drive, mean } from '../load.js';
import type { BenchRow, Result } from '../row.js';
import { FORM, tokenTarget } from '../token-target.js';
import { basic, type World } from '../world.js';

const WRONG_PER_SECOND = 1000;
/** Connections of those who guess: enough for the rate, though some of them wait for a slow hash. */
const GUESSERS = 200;
/** What a wrong secret may be answered with. */
const REFUSALS = ['401', '429', '503'];
const GRANT = 'grant_type=client_credentials';

/**
 * Honest token requests while others guess the secret of a client whose secret was supplied (bcrypt):
 * each a secret of its own, from an address of its own, so that no limit per address stops them.
 */
export const wrongSecrets: BenchRow = {
  name: 'wrong-secrets',
  engines: ['postgres', 'embedded'],
  async run(world): Promise<Result[]> {
    await world.restart({ POSTERN_TRUSTED_PROXIES: '127.0.0.1' });
    const { duration } = world.options;
    const guessed = await world.client({
      name: 'guessed at',
      client_secret: 'a secret that somebody chose, for loopback',
    });
    const honest = tokenTarget(
      `${world.url}/oauth2/token`,
      (await world.client({ name: 'honest' })).authorization,
    );
    await Promise.all([drive(honest, duration), guess(world, guessed.clientId, duration)]);
    const guesses: number[] = [];
    const rates: Record<'alone' | 'attacked', number[]> = { alone: [], attacked: [] };
    for (let turn = 0; turn < 2; turn += 1) {
      rates.alone.push((await drive(honest, duration)).rate);
      const [attacked, guessRate] = await Promise.all([
        drive(honest, duration),
        guess(world, guessed.clientId, duration),
      ]);
      rates.attacked.push(attacked.rate);
      guesses.push(guessRate);
    }
    const [attacked, alone] = [mean(rates.attacked), mean(rates.alone)];
    return [
      {
        work: `token, while ${Math.round(mean(guesses))} of ${WRONG_PER_SECOND} wrong secrets a second are tried on a bcrypt client`,
        figure: `${Math.round(attacked)}/s`,
        yardstick: `${Math.round(alone)}/s without them`,
        ratio: attacked / alone,
        goal: { atLeast: 0.7 },
      },
    ];
  },
};

/**
 * @returns guesses that were answered, a second
 * @throws Error where one was answered with anything but a refusal
 */
async function guess({ url }: World, clientId: string, duration: number): Promise<number> {
  let guesses = 0;
  const result = await autocannon({
    url: `${url}/oauth2/token`,
    connections: GUESSERS,
    overallRate: WRONG_PER_SECOND,
    duration,
    requests: [
      {
        method: 'POST',
        body: GRANT,
        setupRequest: (request) => {
          guesses += 1;
          const headers = {
            ...FORM,
            authorization: basic(clientId, randomUUID()),
            'x-forwarded-for': addressOf(guesses),
          };
          return { ...request, headers };
        },
      },
    ],
  });
  const { errors, timeouts, statusCodeStats = {} } = result;
  const statuses = Object.entries(statusCodeStats).map(([status, { count = 0 }]) => ({ status, count }));
  const others = statuses.filter(({ status }) => !REFUSALS.includes(status));
  const answers = statuses.reduce((sum, { count }) => sum + count, 0);
  if (errors + timeouts + others.length > 0)
    throw new Error(
      `Of wrong secrets, ${JSON.stringify(statuses)} were answered; ${errors} errors, ${timeouts} timeouts.`,
    );
  return answers / result.duration;
}

/** Another one for each number, from 10.0.0.0/8. */
function addressOf(number: number): string {
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}
