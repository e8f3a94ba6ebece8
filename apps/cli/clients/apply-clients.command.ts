import { open, readFile, rm } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { INestApplicationContext } from '@nestjs/common';
import { Option, SubCommand } from 'nest-commander';
import type { Caller } from '#access-control';
import { ClientRegistry, ClientStore } from '#clients';
import { Database, type Transaction } from '#database';
import { Problem } from '#http-api';
import { actingCustomer } from '../program/acting-customer.js';
import { cliCaller } from '../program/cli-caller.js';
import { PosternCommand } from '../program/command.js';
import { CommandFailure } from '../program/failure.js';
import { readClientsFile } from './clients-file.js';
import { planText, planView, stepFor, type Step } from './clients-plan.js';

interface Options {
  file: string;
  dryRun?: boolean;
  secretsOut?: string;
  customer?: string;
}

interface CreatedSecret {
  client_id: string;
  client_secret: string;
}

@SubCommand({
  name: 'apply',
  description:
    'Make clients what a YAML file says: creates those that are not there, changes the fields that it names, and leaves all else alone. All of it happens, or nothing.',
})
export class ApplyClientsCommand extends PosternCommand {
  protected readonly examples = [
    ['postern clients apply -f clients.yaml --dry-run', 'What would change, as a diff'],
    [
      'postern clients apply -f clients.yaml --secrets-out secrets.json',
      'New secrets into a file that only you read',
    ],
    ['postern clients apply -f - --json < clients.yaml', 'New secrets are in the answer, this once'],
  ] as const;

  async run(_arguments: string[], { file, dryRun = false, secretsOut, customer }: Options): Promise<void> {
    const name = file === '-' ? 'stdin' : file;
    const clients = await readClientsFile(
      name,
      file === '-' ? await text(process.stdin) : await readFile(file, 'utf8'),
    );
    const { steps, created } = await this.deployment.use(async (app) => {
      const caller = cliCaller(await actingCustomer(app, customer));
      const steps: Step[] = [];
      for (const client of clients) steps.push(await stepFor(app.get(ClientStore), caller, client));
      const isDone = steps.every(({ action }) => action === 'keep');
      return { steps, created: dryRun || isDone ? [] : await apply(app, caller, steps, secretsOut) };
    });
    const shown = secretsOut === undefined ? created : created.map(({ client_id }) => ({ client_id }));
    this.output.result({ dry_run: dryRun, clients: planView(steps), created: shown }, words(steps, shown));
    if (dryRun) this.output.note('This is what would be done; nothing was changed.');
    else if (secretsOut !== undefined && created.length > 0)
      this.output.note(`The new secrets are in ${secretsOut}.`);
  }

  @Option({ flags: '-f, --file <file>', description: 'The YAML file; - for stdin.', required: true })
  file(file: string): string {
    return file;
  }

  @Option({ flags: '--dry-run', description: 'Say what would change, and change nothing.' })
  dryRun(): boolean {
    return true;
  }

  @Option({
    flags: '--secrets-out <file>',
    description: 'Write the secrets of new clients there as JSON (mode 0600); it must not exist.',
  })
  secretsOut(file: string): string {
    return file;
  }

  @Option({
    flags: '--customer <id>',
    description: 'Whose new clients are, where the file does not say; default: POSTERN_DEFAULT_CUSTOMER.',
  })
  customer(id: string): string {
    return id;
  }
}

/** In one transaction; the secrets are on disk before it commits, and not after it failed. */
async function apply(
  app: INestApplicationContext,
  caller: Caller,
  steps: readonly Step[],
  secretsOut: string | undefined,
): Promise<CreatedSecret[]> {
  const file = secretsOut === undefined ? undefined : await open(secretsOut, 'wx', 0o600);
  try {
    return await app.get(Database).transaction(async (transaction) => {
      const created: CreatedSecret[] = [];
      for (const step of steps) {
        const secret = await perform(app.get(ClientRegistry), transaction, caller, step);
        if (secret !== undefined) created.push({ client_id: step.client.client_id, client_secret: secret });
      }
      await file?.writeFile(`${JSON.stringify(created, null, 2)}\n`);
      await file?.sync();
      return created;
    });
  } catch (error) {
    if (secretsOut !== undefined) await rm(secretsOut, { force: true });
    throw error;
  } finally {
    await file?.close();
  }
}

/** @returns the secret of a client that was made and has one */
async function perform(
  registry: ClientRegistry,
  within: Transaction,
  caller: Caller,
  step: Step,
): Promise<string | undefined> {
  const { client_id, fields, line } = step.client;
  try {
    if (step.action === 'create') return (await registry.register(caller, fields, within)).clientSecret;
    if (step.action === 'change')
      await registry.change(caller, client_id, step.dto, { ifMatch: step.ifMatch, within });
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new CommandFailure(`line ${line}: ${client_id}: ${error.detail}; nothing was changed.`, undefined, {
      code: error.code,
      errors: error.errors,
    });
  }
}

function words(steps: readonly Step[], created: readonly Partial<CreatedSecret>[]): string {
  const secrets = created.flatMap(({ client_id, client_secret }) =>
    client_secret === undefined ? [] : [`${client_id}  ${client_secret}`],
  );
  return [
    planText(steps),
    ...(secrets.length > 0 ? ['', 'New secrets, shown this once:', ...secrets] : []),
  ].join('\n');
}
