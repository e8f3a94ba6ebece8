import { Command } from 'nest-commander';
import { PosternCommand } from '../program/command.js';

@Command({
  name: 'serve',
  description:
    'Serve, as `npm start` does: migrates the database, makes what a first start makes, and listens.',
})
export class ServeCommand extends PosternCommand {
  protected readonly examples = [
    ['postern serve', 'On http://127.0.0.1:3000, with the embedded database under ./data'],
    ['DATABASE_URL=postgres://… PORT=8080 postern serve', 'On PostgreSQL; .env.example lists every variable'],
  ] as const;

  /** The server's own program ends the process. */
  async run(): Promise<void> {
    await import('../../server/main.js');
    await new Promise(() => {});
  }
}
