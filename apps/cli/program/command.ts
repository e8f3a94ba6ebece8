import { Inject } from '@nestjs/common';
import { CommandRunner, Option } from 'nest-commander';
import { CommandFailure } from './failure.js';
import { Deployment } from './deployment.js';
import { Output } from './output.js';

/** Commander's own, which nest-commander brings along. */
type Commander = Parameters<CommandRunner['setCommand']>[0];

/**
 * What every command is made of; README.md of this folder says how to write one.
 *
 * Whatever `run` throws ends the program with a sentence and an exit code (`failureOf`).
 */
export abstract class PosternCommand extends CommandRunner {
  @Inject(Output) protected readonly output: Output;
  @Inject(Deployment) protected readonly deployment: Deployment;

  /** Command lines that teach, each with what it does. */
  protected abstract readonly examples: readonly (readonly [line: string, does: string])[];

  @Option({ flags: '--json', description: 'Answer in JSON, for scripts.' })
  answerInJson(): boolean {
    return (this.output.json = true);
  }

  override setCommand(command: Commander): this {
    command.exitOverride().allowExcessArguments(false).showHelpAfterError('(--help says what it takes.)');
    command.addHelpText('after', () => exampleText(this.examples));
    return super.setCommand(command);
  }
}

/** A command that only holds others, e.g. `postern clients`. */
export abstract class CommandGroup extends CommandRunner {
  override setCommand(command: Commander): this {
    command.exitOverride().showHelpAfterError('(--help says what it takes.)');
    return super.setCommand(command);
  }

  async run([unknown]: string[]): Promise<void> {
    const known = this.command.commands.map((one) => one.name()).join(', ');
    const path = `postern ${this.command.name()}`;
    throw CommandFailure.usage(
      unknown === undefined
        ? `${path} takes one of: ${known}.`
        : `${path} has no command ${JSON.stringify(unknown)}; it takes one of: ${known}.`,
    );
  }
}

function exampleText(examples: readonly (readonly [string, string])[]): string {
  const lines = examples.map(([line, does]) => `  # ${does}\n  ${line}`);
  return lines.length > 0 ? `\nExamples:\n${lines.join('\n')}\n` : '';
}
