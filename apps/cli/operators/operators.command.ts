import { Command } from 'nest-commander';
import { CommandGroup } from '../program/command.js';
import { CreateOperatorCommand } from './create-operator.command.js';
import { ListOperatorsCommand } from './list-operators.command.js';
import { ResetPasswordCommand } from './reset-password.command.js';
import { ResetSecondFactorCommand } from './reset-second-factor.command.js';

@Command({
  name: 'operators',
  description: 'The people who operate Postern.',
  subCommands: [ListOperatorsCommand, CreateOperatorCommand, ResetPasswordCommand, ResetSecondFactorCommand],
})
export class OperatorsCommand extends CommandGroup {}
