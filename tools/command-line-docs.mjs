// Writes the reference of docs/command-line.md from the program's own help; with --check, compares.
import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFactory, CommandRunnerService } from 'nest-commander';
import { CliModule } from '../dist/apps/cli/cli.module.js';

const FILE = join(import.meta.dirname, '../docs/command-line.md');
const MARK = '<!-- From here on by `npm run docs:command-line`. -->';

const app = await CommandFactory.createWithoutRunning(CliModule, { errorHandler: () => {} });
const root = app.get(CommandRunnerService).commander;
const [byHand] = readFileSync(FILE, 'utf8').split(MARK);
const text = `${byHand}${MARK}\n\n${['## Reference', section('postern', root), ...sections('postern', root)].join('\n\n')}\n`;
await app.close();

if (!process.argv.includes('--check')) writeFileSync(FILE, text);
else if (text !== readFileSync(FILE, 'utf8')) {
  process.stderr.write(
    'docs/command-line.md is not of this program: npm run docs:command-line, and commit it.\n',
  );
  process.exit(1);
}

/** A command, and those that it holds. */
function sections(path, { commands }) {
  return [...commands]
    .filter((command) => command.name() !== 'help')
    .sort((a, b) => (a.name() < b.name() ? -1 : 1))
    .flatMap((command) => {
      const name = `${path} ${command.name()}`;
      return command.commands.length > 0 ? sections(name, command) : [section(name, command)];
    });
}

function section(name, command) {
  let help = '';
  command.configureOutput({ writeOut: (part) => (help += part), getOutHelpWidth: () => 100 });
  command.outputHelp();
  return `### \`${name}\`\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\``;
}
