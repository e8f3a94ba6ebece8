import type { INestApplicationContext } from '@nestjs/common';
import { SubCommand } from 'nest-commander';
import { Lists } from '#http-api';
import { operatorList, presentOperator, type OperatorDto, type SeenOperator } from '#operators';
import { PosternCommand } from '../program/command.js';
import { everyRow } from '../program/every-row.js';

/** The people of every customer. */
export function everyOperator(app: INestApplicationContext, username?: string): Promise<OperatorDto[]> {
  return everyRow<OperatorDto>(operatorList, { username }, (request) =>
    app
      .get(Lists)
      .answer(operatorList, request, [], (row) => presentOperator(row as unknown as SeenOperator)),
  );
}

@SubCommand({ name: 'list', description: 'List the people who operate Postern.' })
export class ListOperatorsCommand extends PosternCommand {
  protected readonly examples = [['postern operators list', 'In every customer']] as const;

  async run(): Promise<void> {
    const people = await this.deployment.use((app) => everyOperator(app));
    const columns = [
      'username',
      'role',
      'active',
      'second_factor',
      'customer_id',
      'email',
      'last_signed_in_at',
    ] as const;
    this.output.rows(people, columns, 'There are none.');
  }
}
