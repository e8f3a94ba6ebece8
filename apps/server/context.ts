import { type INestApplicationContext, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PublicUrl, type Configuration } from '#configuration';
import type { DatabaseConnection } from '#database';
import { SystemClock } from '#http-api';
import { AppModule } from './app.module.js';

/**
 * The server's application without a server, for the command line: every service with its rules, over a
 * database that somebody else may be serving. It does not listen, migrate, prune or hear of changes.
 * @throws SchemaError where the schema is not the one of this version
 */
export async function createContext(
  configuration: Configuration,
  connection: DatabaseConnection,
): Promise<INestApplicationContext> {
  const parts = { configuration, connection, clock: new SystemClock(), attached: true };
  const app = await NestFactory.createApplicationContext(AppModule.register(parts), {
    abortOnError: false,
    logger: new StderrLogger(),
  });
  const { host, port } = configuration;
  app.get(PublicUrl).listensOn(`http://${host.includes(':') ? `[${host}]` : host}:${port}`);
  return app;
}

/** Warnings and errors alone, in words. */
class StderrLogger implements LoggerService {
  log(): void {}

  warn(message: unknown): void {
    process.stderr.write(`${String(message)}\n`);
  }

  /** What cannot be reached the command itself says. */
  error(message: unknown, ...rest: unknown[]): void {
    if (['TypeOrmModule', 'ExceptionHandler'].includes(String(rest.at(-1)))) return;
    process.stderr.write(`${String(message)}\n`);
  }
}
