import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Clock } from "@hermes/core";
import { createClient, createDispatcher } from "@hermes/protocol";
import { doorLimits, type Composition } from "../compose.ts";
import type { Configuration } from "../config/configuration.ts";
import { GatewayError } from "../config/problem.ts";
import type { ServerSettings } from "../config/server-settings.ts";
import { FailureLimit } from "../credentials/failure-limit.ts";
import type { Log } from "../log/log.ts";
import { createRpcDoor } from "../rpc/rpc-door.ts";
import { cookieNameOf } from "./cookie-name.ts";
import { createConsoleDoor } from "./console-door.ts";
import { createConsoleFiles } from "./console-files.ts";
import { Doorkeeper } from "./doorkeeper.ts";
import { doorPaths } from "./door-paths.ts";
import { createGate } from "./gate.ts";
import { takeMessage } from "./message-door.ts";
import { metricsText } from "./metrics.ts";
import type { ReadinessWatch } from "./readiness.ts";
import { createRoutes } from "./routes.ts";
import { listen, type HttpServer } from "./server.ts";
import { createSocketServer } from "./socket-server.ts";

/** The door itself says what is too large, in the words of its protocol; beyond this nothing is read at all. */
const maxFrameBytes = 2 * 1024 * 1024;
/** Whoever shows no credential can ask for little. */
const maxAnonymousFrameBytes = 16 * 1024;
const defaultMaxSockets = 1000;

export interface OpenServerParts {
  readonly configuration: Configuration;
  readonly composition: Composition;
  readonly clock: Clock;
  readonly log: Log;
  readonly readiness: ReadinessWatch;
}

/**
 * Opens the gateway's server with all its doors.
 *
 * @throws GatewayError when it cannot listen, or its certificate cannot be read.
 */
export async function openServer({ configuration, composition, clock, log, readiness }: OpenServerParts): Promise<HttpServer> {
  const { server } = configuration.settings;
  const { gateway, doors, platforms } = composition;
  const tls = await readTls(server);
  const onFault = (error: unknown, method: string): void =>
    log.error(`${method} failed: ${error instanceof Error ? error.message : String(error)}`);
  const doorkeeper = new Doorkeeper({
    tokens: doors.tokens,
    pages: doors.pages,
    failures: new FailureLimit(() => clock.now()),
    cookieName: cookieNameOf(configuration.home),
  });
  const dispatcher = createDispatcher({ handlers: doors.web.handlers, onFault });
  const ownClient = createClient({
    async send(request) {
      const answered = await dispatcher.dispatch(JSON.stringify(request), { scope: "write", credential: undefined });
      return answered === undefined ? undefined : JSON.parse(answered);
    },
  });
  const startedAtMs = clock.now();
  const routes = createRoutes({
    gateway,
    readiness,
    doorkeeper,
    rpc: createRpcDoor({ handlers: doors.web.handlers, logger: log }),
    messages: (request) => takeMessage(request, ownClient),
    metrics: () =>
      metricsText(gateway.status(), {
        connections: doors.web.connectionCount,
        residentBytes: process.memoryUsage.rss(),
        startedAtMs,
        isReady: readiness.now().reasons.length === 0,
      }),
    consoleDoor: createConsoleDoor({ codes: doors.codes, pages: doors.pages, doorkeeper }),
    consoleFiles: createConsoleFiles(consoleDirectory()),
    uploads: doors.uploads,
    doors: doorPaths(platforms, log),
    credentials: doors.credentials,
  });
  const { publicUrl, trustedProxies, allowAddresses } = server;
  return await listen({
    host: server.host,
    port: server.port,
    routes,
    gate: createGate({
      listeningOn: server.host,
      isTls: tls !== undefined,
      trustedProxies,
      allowAddresses,
      ...(publicUrl === undefined ? {} : { publicUrl }),
    }),
    sockets: createSocketServer({ maxMessageBytes: maxFrameBytes, logger: log, clock }),
    anonymousSockets: createSocketServer({ maxMessageBytes: maxAnonymousFrameBytes, logger: log, clock }),
    maxSockets: doorLimits(configuration).maxConnections ?? defaultMaxSockets,
    ...(tls === undefined ? {} : { tls }),
    logger: log,
  });
}

async function readTls({ tls }: ServerSettings): Promise<{ readonly cert: string; readonly key: string } | undefined> {
  if (tls === undefined) return undefined;
  return {
    cert: await readPem(tls.certificatePath, "server.tls.certificate"),
    key: await readPem(tls.keyPath, "server.tls.key"),
  };
}

async function readPem(path: string, key: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new GatewayError(`${path} cannot be read (${key}): ${reason}. Name a file in PEM that this user may read.`, {
      exitCode: 78,
      cause: error,
    });
  }
}

/** Where the built page lies; undefined where it is not installed. */
function consoleDirectory(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("@hermes/console/package.json")), "dist");
  } catch {
    return undefined;
  }
}
