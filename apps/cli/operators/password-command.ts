import { Option } from 'nest-commander';
import { PosternCommand } from '../program/command.js';

/** A command that sets a person's password. */
export abstract class PasswordCommand extends PosternCommand {
  @Option({
    flags: '--password-stdin',
    description: 'Take the password from stdin instead of asking for it.',
  })
  passwordStdin(): boolean {
    return true;
  }

  @Option({ flags: '--generate', description: 'Make a password, and print it this once.' })
  generate(): boolean {
    return true;
  }
}
