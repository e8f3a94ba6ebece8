import type { INestApplicationContext } from '@nestjs/common';
import { Configuration } from '#configuration';
import { Customers } from '#customers';
import { Problem } from '#http-api';
import { CommandFailure } from './failure.js';

/**
 * The customer in which a command acts: the one that was named, else POSTERN_DEFAULT_CUSTOMER.
 * @throws CommandFailure where there is no such customer
 */
export async function actingCustomer(app: INestApplicationContext, named?: string): Promise<string> {
  const customerId = named ?? app.get(Configuration).defaultCustomer;
  try {
    return (await app.get(Customers).see(customerId)).customerId;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new CommandFailure(
      named === undefined
        ? `There is no customer ${customerId} (POSTERN_DEFAULT_CUSTOMER); --customer names another.`
        : `There is no customer ${JSON.stringify(named)}.`,
    );
  }
}
