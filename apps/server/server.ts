import type { AddressInfo } from 'node:net';
import helmet from '@fastify/helmet';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Configuration } from '#configuration';
import { Database, EmbeddedEngine } from '#database';
import {
  answerMethodNotAllowed,
  collectRoutes,
  ErrorFilter,
  registerBodyParsers,
  SystemClock,
  type Clock,
} from '#http-api';
import { AppModule } from './app.module.js';
import { compressAnswers } from './compression.js';
import { FirstStartService } from './first-start.js';
import { loggerOptions, logRequests, NestLogger } from './logging.js';
import { serveOpenApi } from './openapi.js';

const MAX_BODY = 1024 * 1024;
/** The longest client id, scope or inventory id, percent-encoded. */
const MAX_PATH_PARAMETER = 3 * 256;

export interface RunningServer {
  /** Where it listens. */
  url: string;
  database: Database;
  /** Stops accepting, finishes what runs, writes what is batched, then closes the database. */
  close(): Promise<void>;
}

interface ServerOptions {
  clock?: Clock;
  /** Where the first start's credentials are shown. */
  output?: NodeJS.WriteStream;
}

/** Opens the database, migrates it, makes what a first start makes, and listens. */
export async function startServer(
  configuration: Configuration,
  options: ServerOptions = {},
): Promise<RunningServer> {
  const engine = configuration.databaseUrl ? undefined : await EmbeddedEngine.open(configuration.dataDir);
  try {
    const connection = engine?.connection ?? {
      url: configuration.databaseUrl,
      poolMax: configuration.databasePoolMax,
    };
    const app = await createApp(configuration, connection, options.clock ?? new SystemClock());
    try {
      await app.get(FirstStartService).run(options.output ?? process.stdout);
      await app.listen(configuration.port, configuration.host);
    } catch (error) {
      await app.close();
      throw error;
    }
    return {
      url: configuration.publicUrl ?? urlOf(app, configuration.host),
      database: app.get(Database),
      close: async () => {
        await app.close();
        await engine?.close();
      },
    };
  } catch (error) {
    await engine?.close();
    throw error;
  }
}

async function createApp(
  configuration: Configuration,
  connection: { url?: string; socketFolder?: string; poolMax: number },
  clock: Clock,
): Promise<NestFastifyApplication> {
  let errors: ErrorFilter | undefined;
  const adapter = new FastifyAdapter({
    ...loggerOptions(configuration.logLevel),
    bodyLimit: MAX_BODY,
    trustProxy: configuration.trustedProxies.length > 0 ? configuration.trustedProxies : false,
    routerOptions: { maxParamLength: MAX_PATH_PARAMETER },
    // The router refuses a malformed path before any route or filter is reached.
    frameworkErrors: (error: Error, request: unknown, reply: unknown) =>
      errors!.send(error, request as FastifyRequest, reply as FastifyReply),
  });
  const server = adapter.getInstance();
  const served = collectRoutes(server);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register({ configuration, connection, clock }),
    adapter,
    { bodyParser: false, abortOnError: false, logger: new NestLogger(server.log) },
  );
  errors = app.get(ErrorFilter);
  registerBodyParsers(server);
  logRequests(server);
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        // Swagger UI is served from here alone; it sets styles inline.
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
  });
  if (configuration.corsOrigins.length > 0)
    app.enableCors({
      origin: configuration.corsOrigins,
      exposedHeaders: ['content-disposition', 'etag', 'link'],
    });
  await compressAnswers(app);
  serveOpenApi(app);
  await app.init();
  answerMethodNotAllowed(server, served);
  return app;
}

function urlOf(app: NestFastifyApplication, host: string): string {
  const { port } = app.getHttpServer().address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
