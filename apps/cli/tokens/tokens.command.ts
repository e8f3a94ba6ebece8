import { Command } from 'nest-commander';
import { CommandGroup } from '../program/command.js';
import { CreateTokenCommand } from './create-token.command.js';
import { ListTokensCommand } from './list-tokens.command.js';
import { RevokeTokenCommand } from './revoke-token.command.js';

@Command({
  name: 'tokens',
  description: 'Access tokens: hand one out, see them, revoke them.',
  subCommands: [ListTokensCommand, CreateTokenCommand, RevokeTokenCommand],
})
export class TokensCommand extends CommandGroup {}
