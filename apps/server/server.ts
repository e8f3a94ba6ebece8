import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import cookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuditCopying, AuditUpkeep } from '#audit-log';
import { PublicUrl, type Configuration } from '#configuration';
import { Database, EmbeddedEngine } from '#database';
import {
  AnsweringAdapter,
  answerMethodNotAllowed,
  collectRoutes,
  ErrorFilter,
  registerBodyParsers,
  SystemClock,
  type Clock,
} from '#http-api';
import { Metrics, Tracing } from '#observability';
import { TotpSealing } from '#operators';
import { Pruning } from '#retention';
import { VaultUpkeep } from '#sealing';
import { SigningKeySealing } from '#tokens';
import { asServed, readAuthorizeHeader } from '#vendor-contracts';
import { AppModule, type AppParts } from './app.module.js';
import { compressAnswers } from './compression.js';
import {
  connectionLimits,
  connectionOptions,
  limitConnections,
  type ConnectionLimits,
} from './connection-limits.js';
import { serveConsole } from './console.js';
import { allowOrigins } from './cors.js';
import { Draining } from './draining.js';
import { FirstStartService } from './first-start.js';
import { HttpFigures } from './http-figures.js';
import { loggerOptions, NestLogger, observeRequests } from './logging.js';
import { serveOpenApi } from './openapi.js';
import { traceRequests } from './request-tracing.js';
import { securityHeaders, sendSecurityHeaders } from './security-headers.js';
import { databaseStartError, listenStartError } from './start-error.js';

const MAX_BODY = 1024 * 1024;
/** When a stopping server cuts off what still runs, in milliseconds from its beginning to stop. */
const CUT_OFF_MS = 7_000;
const SWEEP_MS = 50;
/** The longest client id, scope or inventory id, percent-encoded. */
const MAX_PATH_PARAMETER = 3 * 256;

export interface RunningServer {
  /** Where it listens. */
  url: string;
  /** Where the outside reaches it. */
  publicUrl: string;
  database: Database;
  /** Resolves with the reason when the embedded database ends of itself: nothing can be served any more. */
  failure: Promise<Error>;
  /**
   * Stops accepting, finishes what runs, writes what is batched, then closes the database.
   * @param grace whether it goes on accepting for a while, with `/readyz` red, so that a balancer notices first
   */
  close(options?: { grace?: boolean }): Promise<void>;
}

export interface ServerOptions {
  clock?: Clock;
  /** Of an import's body, where they are not the usual ones. */
  importLimits?: AppParts['importLimits'];
  /** How often what is over is pruned, in milliseconds, where it is not the usual. */
  pruneEveryMs?: number;
  /** What a connection may cost, where it is not the usual. */
  connectionLimits?: Partial<ConnectionLimits>;
  /** How often audit checkpoints are taken and old months dropped, in milliseconds, where it is not the usual. */
  auditUpkeepEveryMs?: number;
  /** The built console, where it is not that of the build. */
  consoleFolder?: string;
  /** Where the first start's credentials are shown. */
  output?: NodeJS.WriteStream;
}

/**
 * Opens the database, migrates it, makes what a first start makes, and listens.
 * @throws StartError, DataFolderError, SigningKeyError where the reason is known
 */
export async function startServer(
  configuration: Configuration,
  options: ServerOptions = {},
): Promise<RunningServer> {
  const engine = configuration.databaseUrl ? undefined : await EmbeddedEngine.open(configuration.dataDir);
  try {
    const connection = engine?.connection ?? {
      url: configuration.databaseUrl,
      poolMax: configuration.databasePoolMax,
      replicaUrls: configuration.databaseReplicaUrls,
    };
    const { clock = new SystemClock(), importLimits } = options;
    const app = await createApp({ configuration, connection, clock, importLimits }, options);
    try {
      await app.get(SigningKeySealing).run();
      await app.get(VaultUpkeep).run();
      await app.get(TotpSealing).run();
      await app.get(FirstStartService).run(options.output ?? process.stdout);
      await listen(app, configuration);
      app.get(PublicUrl).listensOn(listeningUrl(app, configuration.host));
      app.get(Pruning).begin(options.pruneEveryMs);
      await app.get(AuditCopying).begin();
      app.get(AuditUpkeep).begin(options.auditUpkeepEveryMs);
    } catch (error) {
      await app.close();
      throw error;
    }
    return {
      url: listeningUrl(app, configuration.host),
      publicUrl: app.get(PublicUrl).issuer,
      database: app.get(Database),
      failure: engine?.failure ?? new Promise<Error>(() => {}),
      close: async ({ grace = false } = {}) => {
        try {
          await drain(app, grace ? configuration.shutdownGrace * 1000 : 0);
        } finally {
          await engine?.close();
        }
      },
    };
  } catch (error) {
    await engine?.close();
    throw engine ? error : databaseStartError(error);
  }
}

async function listen(app: NestFastifyApplication, { host, port }: Configuration): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    throw listenStartError(error, host, port);
  }
}

/** @see docs/decisions/0023-red-before-it-ends.md */
async function drain(app: NestFastifyApplication, graceMs: number): Promise<void> {
  const http: Server = app.getHttpServer();
  const cut = setTimeout(() => http.closeAllConnections(), CUT_OFF_MS);
  app.get(Draining).begin(http);
  if (graceMs > 0) await pause(graceMs);
  // A connection whose last answer was on its way when it began would be kept alive, and the end with it.
  const sweep = setInterval(() => http.closeIdleConnections(), SWEEP_MS);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}

async function createApp(parts: AppParts, options: ServerOptions): Promise<NestFastifyApplication> {
  const limits = connectionLimits(options.connectionLimits);
  const { configuration } = parts;
  let errors: ErrorFilter | undefined;
  const adapter = new AnsweringAdapter({
    ...loggerOptions(configuration.logLevel),
    rewriteUrl: ({ url }: IncomingMessage) => asServed(url!),
    ...connectionOptions(limits),
    bodyLimit: MAX_BODY,
    // What arrives on a connection that is there already is still answered while the server stops.
    return503OnClosing: false,
    trustProxy: configuration.trustedProxies.length > 0 ? configuration.trustedProxies : false,
    routerOptions: { maxParamLength: MAX_PATH_PARAMETER },
    // The router refuses a malformed path before any hook, route or filter is reached.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      void reply.headers({ ...securityHeaders(), 'x-request-id': request.id });
      errors!.send(error, request, reply);
    },
  });
  const server = adapter.getInstance();
  const served = collectRoutes(server);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.register(parts), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLogger(server.log),
  });
  errors = app.get(ErrorFilter);
  registerBodyParsers(server);
  traceRequests(server, app.get(Tracing));
  limitConnections(server, limits);
  observeRequests(server, new HttpFigures(app.get(Metrics)));
  readAuthorizeHeader(server);
  await app.register(cookie);
  sendSecurityHeaders(server);
  allowOrigins(app, configuration.corsOrigins);
  await compressAnswers(app);
  serveOpenApi(app);
  await serveConsole(app, options.consoleFolder);
  await app.init();
  answerMethodNotAllowed(server, served);
  return app;
}

function listeningUrl(app: NestFastifyApplication, host: string): string {
  const { port } = app.getHttpServer().address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
