import { Injectable } from '@nestjs/common';
import { InjectCommander, type CommandRunner } from 'nest-commander';

type Commander = Parameters<CommandRunner['setCommand']>[0];

const EPILOGUE = `
It works on the deployment that the environment describes, by the same variables as the server (.env.example):
at DATABASE_URL, or on the data folder POSTERN_DATA_DIR, also while a server has it open. Whoever may run it may
do what an owner may, and is named in the audit log as postern-cli:<user>. Secrets are never arguments.

Exit codes:
  0  done
  1  refused or failed; nothing of it happened, but for what the output says
  2  the command line or a variable is wrong
  3  the database does not answer, is not there, or is not of this version

Results go to stdout, everything else to stderr. --json answers in JSON. docs/command-line.md tells more.
`;

/** `postern` itself: its help. */
@Injectable()
export class Program {
  constructor(@InjectCommander() commander: Commander) {
    commander
      .name('postern')
      .description('Operates Postern, the OAuth 2.0 server for API applications.')
      .showHelpAfterError('(--help says what there is.)')
      .addHelpText('after', EPILOGUE);
  }
}
