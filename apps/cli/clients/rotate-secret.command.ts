import { Option, SubCommand } from 'nest-commander';
import { ClientSecrets, RotateSecretDto } from '#clients';
import { validated } from '#http-api';
import { cliCaller } from '../program/cli-caller.js';
import { PosternCommand } from '../program/command.js';
import { secretFromStdin } from '../program/secret-input.js';
import { card } from '../program/table.js';
import { seconds } from '../program/values.js';

@SubCommand({
  name: 'rotate',
  description: 'Give a client a new secret, printed this once; the old ones end, at once or after a while.',
  arguments: '<client_id>',
})
export class RotateSecretCommand extends PosternCommand {
  protected readonly examples = [
    ['postern clients rotate siem --overlap 24h', 'The old secret stays good for a day'],
    ['pass siem | postern clients rotate siem --secret-stdin', 'To a secret of your own'],
  ] as const;

  async run(
    [clientId]: string[],
    { overlap, secretStdin }: { overlap?: number; secretStdin?: boolean },
  ): Promise<void> {
    const supplied = secretStdin ? await secretFromStdin('client secret') : undefined;
    const dto = await validated(RotateSecretDto, {
      ...(overlap !== undefined && { overlap }),
      ...(supplied !== undefined && { client_secret: supplied }),
    });
    const { secret, plain } = await this.deployment.use((app) =>
      app.get(ClientSecrets).rotate(cliCaller(''), clientId!, dto.overlap ?? 0, dto.client_secret),
    );
    const result = {
      client_id: clientId,
      secret_id: secret.id,
      client_secret: supplied === undefined ? plain : undefined,
    };
    this.output.result(result, card(result));
  }

  @Option({
    flags: '--overlap <time>',
    description: 'How long the old ones stay good: seconds, or 12h, 7d; default 0.',
  })
  overlap(time: string): number {
    return seconds(time);
  }

  @Option({ flags: '--secret-stdin', description: 'Take the secret from stdin instead of generating one.' })
  secretStdin(): boolean {
    return true;
  }
}
