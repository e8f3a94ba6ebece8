import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { Command, Option } from 'nest-commander';
import { AUDIT_EVENTS, AuditEventReader } from '#audit-log';
import { ClientListReader, clientList } from '#clients';
import {
  parseListRequest,
  type ListDefinition,
  type ListRequest,
  type Page,
  type RowStream,
} from '#http-api';
import { ResourceReader, resources } from '#read-only-resources';
import { accessTokenList } from '#tokens';
import { actingCustomer } from '../program/acting-customer.js';
import { cliCaller } from '../program/cli-caller.js';
import { PosternCommand } from '../program/command.js';
import { CommandFailure } from '../program/failure.js';
import type { Progress } from '../program/progress.js';
import { tokensOf } from '../tokens/list-tokens.command.js';

const MEDIA_TYPES = { ndjson: 'application/x-ndjson', csv: 'text/csv' };

interface Options {
  format?: keyof typeof MEDIA_TYPES;
  output?: string;
  customer?: string;
}

/** A list that can be exported: how it is asked, in a customer where it is of one. */
interface Export {
  definition: ListDefinition;
  ofCustomer: boolean;
  read(app: INestApplicationContext, customerId: string, request: ListRequest): Promise<object>;
}

const EXPORTS = new Map<string, Export>([
  ...resources.map((resource): [string, Export] => [
    resource.name,
    {
      definition: resource.list,
      ofCustomer: true,
      read: (app, customerId, request) =>
        app.get(ResourceReader).list(resource, cliCaller(customerId), request),
    },
  ]),
  [
    'clients',
    {
      definition: clientList,
      ofCustomer: false,
      read: (app, customerId, request) => app.get(ClientListReader).list(cliCaller(customerId), request),
    },
  ],
  [
    'tokens',
    {
      definition: accessTokenList,
      ofCustomer: false,
      read: (app, _customerId, request) => tokensOf(app, request),
    },
  ],
  [
    'audit-events',
    {
      definition: AUDIT_EVENTS,
      ofCustomer: false,
      read: (app, customerId, request) => app.get(AuditEventReader).list(cliCaller(customerId), request),
    },
  ],
]);

@Command({
  name: 'export',
  description:
    'Write all rows of a list as NDJSON or CSV. What PAM data it writes, `postern import` takes again.',
  arguments: '<name>',
  argsDescription: { name: `${[...EXPORTS.keys()].join(', ')}.` },
})
export class ExportCommand extends PosternCommand {
  protected readonly examples = [
    [
      'postern export devices --format csv -o devices.csv',
      'Of the default customer, as a file that only you read',
    ],
    ['postern export sessions --customer 10002 | gzip > sessions.ndjson.gz', 'Into a pipe'],
    [
      'postern export tokens -o tokens.ndjson',
      'Clients, tokens and audit events of every customer, never with a secret',
    ],
  ] as const;

  async run([name]: string[], { format = 'ndjson', output, customer }: Options): Promise<void> {
    const list = EXPORTS.get(name!);
    if (!list)
      throw CommandFailure.usage(
        `There is no list ${JSON.stringify(name)}; there is ${[...EXPORTS.keys()].join(', ')}.`,
      );
    if (format === 'csv' && !list.definition.flat)
      throw CommandFailure.usage(`${name} have lists in them, and are written as ndjson alone.`);
    await this.deployment.use(async (app) => {
      const customerId = list.ofCustomer ? await actingCustomer(app, customer) : '';
      const ask = (query: string, accept?: string) =>
        list.read(app, customerId, parseListRequest(list.definition, { url: `/?${query}`, accept }));
      const { total } = (await ask('limit=1&count=true')) as Page<object>;
      using progress = this.output.progress('rows', total);
      const rows = await ((await ask('', MEDIA_TYPES[format])) as RowStream).open();
      await write(rows, output, progress);
      if (output !== undefined)
        this.output.result({ name, file: output, rows: total }, `${total} rows of ${name} are in ${output}.`);
    });
  }

  @Option({
    flags: '--format <format>',
    description: 'ndjson (the default) or csv.',
    choices: ['ndjson', 'csv'],
  })
  format(format: string): string {
    return format;
  }

  @Option({
    flags: '-o, --output <file>',
    description: 'Into a file (mode 0600), which is there when it is whole; default: stdout.',
  })
  outputFile(file: string): string {
    return file;
  }

  @Option({ flags: '--customer <id>', description: 'Whose PAM data; default: POSTERN_DEFAULT_CUSTOMER.' })
  customer(id: string): string {
    return id;
  }
}

/** A file gets its name when all of it is written. */
async function write(rows: Readable, file: string | undefined, progress: Progress): Promise<void> {
  if (file === undefined) return pipeline(rows, lineCounter(progress), process.stdout, { end: false });
  const unfinished = `${file}.part`;
  // One that was left behind keeps its mode.
  await rm(unfinished, { force: true });
  const stream = createWriteStream(unfinished, { flags: 'wx', mode: 0o600, flush: true });
  try {
    await pipeline(rows, lineCounter(progress), stream);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

function lineCounter(progress: Progress): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      let lines = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
      progress.add(lines);
      done(null, chunk);
    },
  });
}
