import { Option, SubCommand } from 'nest-commander';
import { Clock } from '#http-api';
import { LEAD_MS, SigningKeyStore } from '#tokens';
import { cliActor } from '../program/cli-caller.js';
import { PosternCommand } from '../program/command.js';
import { CommandFailure } from '../program/failure.js';

@SubCommand({
  name: 'rotate',
  description:
    'Make new keys that sign JWT access tokens, before their 90 days are over. The old ones stay published until their tokens have expired.',
})
export class RotateKeysCommand extends PosternCommand {
  protected readonly examples = [
    ['postern keys rotate', 'The new keys are published now, and sign a day later'],
    ['postern keys rotate --now', 'Somebody may have seen the old ones: the new ones sign within a minute'],
  ] as const;

  async run(_arguments: string[], { now: atOnce = false }: { now?: boolean }): Promise<void> {
    const keys = await this.deployment.use(async (app) => {
      const store = app.get(SigningKeyStore);
      const now = app.get(Clock).now();
      const waiting = (await store.all()).find(({ signsFrom }) => signsFrom > now);
      if (waiting && !atOnce)
        throw new CommandFailure(
          `New keys are published already, and sign from ${waiting.signsFrom.toISOString()}; --now makes others that sign at once.`,
        );
      return store.rotate(cliActor(), now, atOnce ? now : new Date(now.getTime() + LEAD_MS));
    });
    if (atOnce)
      this.output.warn(
        'Who verifies tokens offline must fetch the JWKS anew, and may refuse new tokens until then.',
      );
    const rows = keys.map(({ kid, alg, createdAt, signsFrom }) => ({
      kid,
      alg,
      created_at: createdAt,
      signs_from: signsFrom,
    }));
    this.output.rows(rows, ['kid', 'alg', 'created_at', 'signs_from'], 'There are none.');
  }

  @Option({ flags: '--now', description: 'They sign at once, instead of a day after they are published.' })
  now(): boolean {
    return true;
  }
}
