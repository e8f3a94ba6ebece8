import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Injectable } from '@nestjs/common';
import { BuiltInClients, DefaultClients, ScopeCatalogue, type DefaultClient } from '#clients';
import { Configuration } from '#configuration';
import { Customers } from '#customers';
import { Database, type Transaction } from '#database';
import { SampleInventory } from '#inventory';
import { FirstOwner, passwordFault } from '#operators';
import { StartError } from './start-error.js';

/** One number for the lock under which the first start happens once. */
const FIRST_START_LOCK = 7_067_861_174;

/**
 * Makes what an empty database needs: the first customer, its default clients, the owner and, on the
 * embedded engine, a sample inventory; and what every start makes sure of: the catalogue, and Postern's
 * own clients.
 */
@Injectable()
export class FirstStartService {
  constructor(
    private readonly database: Database,
    private readonly configuration: Configuration,
    private readonly customers: Customers,
    private readonly scopes: ScopeCatalogue,
    private readonly defaultClients: DefaultClients,
    private readonly owner: FirstOwner,
    private readonly builtInClients: BuiltInClients,
    private readonly sample: SampleInventory,
  ) {}

  /**
   * @param output where generated credentials are shown once; they are, or nothing was made
   * @throws StartError for an owner's password that is none
   */
  async run(output: NodeJS.WriteStream): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await transaction.query('SELECT pg_advisory_xact_lock($1)', [FIRST_START_LOCK]);
      await this.scopes.ensureBuiltIn(transaction);
      // A database of before there were people is given its owner too, in the customer that it began with.
      const { defaultCustomer } = this.configuration;
      const { rows: known } = await transaction.query<{ customerId: string }>(
        `SELECT customer_id AS "customerId" FROM customers
         ORDER BY customer_id = $1 DESC, created_at, customer_id LIMIT 1`,
        [defaultCustomer],
      );
      const customerId = known[0]?.customerId ?? defaultCustomer;
      const clients = known[0] ? [] : await this.makeCustomer(transaction);
      await this.builtInClients.ensure(transaction, customerId);
      const owner = await this.makeOwner(transaction, customerId);
      this.show([...owner, ...clients], output, known[0] ? 'add' : 'replace');
    });
  }

  /** @returns the lines to show of its clients */
  private async makeCustomer(transaction: Transaction): Promise<string[]> {
    const { defaultCustomer, adminClient, sampleData } = this.configuration;
    await this.customers.ensure(transaction, defaultCustomer, 'Default customer');
    const clients = await this.defaultClients.create(transaction, defaultCustomer, adminClient);
    if (sampleData) await this.sample.load(transaction, defaultCustomer);
    return clients.flatMap((one) => linesOf(one, adminClient.clientId));
  }

  /** @returns the lines to show of him */
  private async makeOwner(transaction: Transaction, customerId: string): Promise<string[]> {
    const { owner } = this.configuration;
    const fault = owner.password === undefined ? undefined : passwordFault(owner.username, owner.password);
    if (fault) throw new StartError(`POSTERN_OWNER_PASSWORD ${fault}.`);
    const password = await this.owner.ensure(transaction, customerId, owner);
    return password === undefined ? [] : ['# Owner', `username=${owner.username}`, `password=${password}`];
  }

  /** On a terminal, else in a file that only its owner reads. */
  private show(credentials: string[], output: NodeJS.WriteStream, file: 'replace' | 'add'): void {
    if (credentials.length === 0) return;
    const text = `${credentials.join('\n')}\n`;
    if (output.isTTY) {
      output.write(`\nFirst start. These credentials are shown once; keep them:\n\n${text}\n`);
      return;
    }
    const folder = resolve(this.configuration.dataDir);
    const path = join(folder, 'bootstrap-credentials');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // One that a start left which was cut off keeps its mode; this one gets its own. What an earlier
    // start has shown may not have been read yet.
    const before = file === 'add' && existsSync(path) ? readFileSync(path, 'utf8') : '';
    rmSync(path, { force: true });
    writeFileSync(path, before + text, { mode: 0o600, flag: 'wx' });
    output.write(`First start. The credentials are in ${path}\n`);
  }
}

/** What was generated; what the operator supplied he knows, and it is not shown. */
function linesOf({ client, generatedSecret }: DefaultClient, suppliedId: string | undefined): string[] {
  if (generatedSecret === undefined && client.clientId === suppliedId) return [];
  return [
    `# ${client.name}`,
    `client_id=${client.clientId}`,
    ...(generatedSecret === undefined ? [] : [`client_secret=${generatedSecret}`]),
  ];
}
