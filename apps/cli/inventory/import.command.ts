import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { Command, Option } from 'nest-commander';
import { FormParameters, Problem } from '#http-api';
import {
  BodyLimits,
  importOptions,
  InventoryImporter,
  SpooledBody,
  WritableResources,
  type ImportFormat,
  type ImportOptions,
  type LineError,
  type ReportView,
} from '#inventory';
import { actingCustomer } from '../program/acting-customer.js';
import { cliCaller } from '../program/cli-caller.js';
import { PosternCommand } from '../program/command.js';
import { CommandFailure } from '../program/failure.js';
import { printable } from '../program/printable.js';

interface Options {
  mode?: string;
  partial?: boolean;
  allowEmpty?: boolean;
  customer?: string;
  format?: ImportFormat;
}

/** A pipe may rest for as long as its writer does; node's timers end there. */
const PATIENT = { maxSilence: 2 ** 31 - 1 };

@Command({
  name: 'import',
  description:
    'Bring a file of PAM data in, as PUT /inventory/v1/<name> does: creates and updates rows by their ids.',
  arguments: '<name> <file>',
  argsDescription: {
    name: 'users, user-groups, devices, device-groups, accounts, profiles, tasks, sessions or approvals.',
    file: 'NDJSON or CSV in UTF-8; - for stdin.',
  },
})
export class ImportCommand extends PosternCommand {
  protected readonly examples = [
    ['postern import devices devices.csv', 'All of it, or nothing where a row is bad'],
    [
      'postern import users - --format ndjson --partial < users.ndjson',
      'The good rows, whatever the others are',
    ],
    [
      'postern import accounts accounts.csv --mode replace --customer 10002',
      'Removes those that the file lacks',
    ],
  ] as const;

  async run([name, file]: string[], { customer, format, ...options }: Options): Promise<void> {
    const plan = { name: name!, file: file!, format: format ?? formatOf(file!), options: optionsOf(options) };
    // What is piped in may come from another command, which has the data folder open until it has written it.
    await using piped = file === '-' ? await SpooledBody.take(process.stdin, limits()) : undefined;
    const report = await this.deployment.use(async (app) => this.import(app, plan, piped, customer));
    this.output.result(report, words(report));
  }

  private async import(
    app: INestApplicationContext,
    {
      name,
      file,
      format,
      options,
    }: { name: string; file: string; format: ImportFormat; options: ImportOptions },
    piped: SpooledBody | undefined,
    customer: string | undefined,
  ): Promise<ReportView> {
    const resources = app.get(WritableResources);
    const resource = resources.named(name);
    if (!resource) {
      const known = resources.all.map(({ schema }) => schema.name).join(', ');
      throw CommandFailure.usage(`There is no PAM data ${JSON.stringify(name)}; there is ${known}.`);
    }
    const caller = cliCaller(await actingCustomer(app, customer));
    using progress = this.output.progress('bytes read', piped ? undefined : (await stat(file)).size);
    const chunks = counted(piped?.chunks() ?? createReadStream(file), (bytes) => progress.add(bytes));
    try {
      const source = { format, chunks, abandoned: () => false };
      return await app.get(InventoryImporter).import(resource, source, caller, options);
    } catch (error) {
      throw rejection(error);
    }
  }

  @Option({
    flags: '--mode <mode>',
    description: 'upsert (the default), or replace: also remove what the file lacks.',
  })
  mode(mode: string): string {
    return mode;
  }

  @Option({ flags: '--partial', description: 'Store the good rows although others are rejected.' })
  partial(): boolean {
    return true;
  }

  @Option({
    flags: '--allow-empty',
    description: 'With --mode replace: a file without rows is meant to remove all.',
  })
  allowEmpty(): boolean {
    return true;
  }

  @Option({ flags: '--customer <id>', description: 'Whose data it is; default: POSTERN_DEFAULT_CUSTOMER.' })
  customer(id: string): string {
    return id;
  }

  @Option({
    flags: '--format <format>',
    description: 'ndjson or csv; default: by the file’s name.',
    choices: ['ndjson', 'csv'],
  })
  format(format: string): string {
    return format;
  }
}

function limits(): BodyLimits {
  return { ...new BodyLimits(), maxBytes: Infinity, ...PATIENT };
}

/** The rules of what goes with what are the API's; its words name parameters, which here are options. */
function optionsOf({ mode, partial = false, allowEmpty = false }: Options): ImportOptions {
  const parameters = { partial: String(partial), allow_empty: String(allowEmpty), ...(mode && { mode }) };
  try {
    return importOptions(FormParameters.of(parameters));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw CommandFailure.usage(
      `--${error.message.replace('allow_empty', 'allow-empty').replace('mode=', '--mode ')}.`,
    );
  }
}

function formatOf(file: string): ImportFormat {
  if (/\.csv$/i.test(file)) return 'csv';
  if (/\.(ndjson|jsonl|json)$/i.test(file)) return 'ndjson';
  throw CommandFailure.usage('--format says whether that is ndjson or csv.');
}

async function* counted(
  chunks: AsyncIterable<Buffer>,
  count: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    yield chunk;
    count(chunk.length);
  }
}

/** Why rows were turned away is in the report, line by line. */
function rejection(error: unknown): unknown {
  if (!(error instanceof Problem) || error.code !== 'rows_rejected') return error;
  const report = error.extensions as ReportView;
  const message = `Rows were rejected: ${report.rejected}. Nothing was stored; --partial stores the others.\n${lines(report.errors)}`;
  return new CommandFailure(message, undefined, { code: error.code, ...report });
}

function words({ errors, ...counts }: ReportView): string {
  const sums = Object.entries(counts).map(([what, count]) => `${what} ${count}`);
  return [sums.join(', '), ...(errors.length > 0 ? [lines(errors)] : [])].join('\n');
}

function lines(errors: readonly LineError[]): string {
  return errors
    .map(({ line, id, field, message }) => {
      const where = id === undefined ? `line ${line}` : `line ${line} (${id})`;
      return printable(`  ${where}: ${field === undefined ? '' : `${field} `}${message}`);
    })
    .join('\n');
}
