import { systemClock, type Clock } from "@hermes/core";
import type { Gateway, GatewayStatus } from "@hermes/runtime";
import { createMemoryStore } from "@hermes/runtime";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { FailureLimit } from "../../src/credentials/failure-limit.ts";
import { PageSessions } from "../../src/credentials/page-sessions.ts";
import { SignInCodes } from "../../src/credentials/sign-in-codes.ts";
import { Tokens, type TokenFacts } from "../../src/credentials/tokens.ts";
import { createConsoleDoor } from "../../src/http/console-door.ts";
import { createConsoleFiles } from "../../src/http/console-files.ts";
import { Doorkeeper } from "../../src/http/doorkeeper.ts";
import { createGate, type GateOptions } from "../../src/http/gate.ts";
import { watchReadiness } from "../../src/http/readiness.ts";
import { createRoutes, type RoutesParts } from "../../src/http/routes.ts";
import { listen, type HttpServer, type HttpTimeouts } from "../../src/http/server.ts";
import { createSocketServer } from "../../src/http/socket-server.ts";
import { Uploads } from "../../src/uploads/uploads.ts";

export const token = "a-token-for-tests-only";

export const running: GatewayStatus = {
  phase: "running",
  platforms: [],
  runningTurns: 0,
  busyLanes: 0,
  undecodable: 0,
  storeWritable: true,
};

/** What a test puts in place of what a gateway has. */
export interface ServeOptions {
  readonly gateway?: Partial<Pick<Gateway, "fetch" | "receive" | "status">>;
  readonly broken?: readonly string[];
  readonly clock?: Clock;
  readonly tokens?: readonly TokenFacts[];
  readonly gate?: Partial<GateOptions>;
  readonly timeouts?: HttpTimeouts;
  readonly parts?: Partial<RoutesParts>;
}

/** A server with all routes. */
export interface Served {
  readonly server: HttpServer;
  readonly url: string;
  readonly port: number;
  readonly logged: string[];
  readonly codes: SignInCodes;
  readonly pages: PageSessions;
  readonly tokens: Tokens;
}

const stillClock: Clock = { now: () => 0, wakeAt: () => () => undefined };

/** The gateway's server on a free port, in front of what the test gives it. */
export async function serveRoutes(options: ServeOptions = {}): Promise<Served> {
  const { clock = stillClock } = options;
  const logged: string[] = [];
  const log = (message: string): void => void logged.push(message);
  const logger = { debug: log, info: log, warn: log, error: log };
  const gateway = {
    fetch: async () => new Response("from the platform"),
    receive: async () => new Response("from the door"),
    status: () => running,
    ...options.gateway,
  };
  const store = createMemoryStore();
  await store.open();
  const home = mkdtempSync(join(tmpdir(), "hermes-doors-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const tokens = new Tokens(options.tokens ?? [{ id: "home", token, scope: "admin", userId: "owner" }], clock);
  const [pages, codes] = [new PageSessions(store, clock), new SignInCodes(clock)];
  const doorkeeper = new Doorkeeper({ tokens, pages, failures: new FailureLimit(() => clock.now()), cookieName: "hermes-test" });
  const routes = createRoutes({
    gateway,
    readiness: watchReadiness(gateway, options.broken ?? [], clock),
    doorkeeper,
    rpc: async () => new Response("from the ledger"),
    messages: async () => new Response("from the messages"),
    metrics: () => "metrics",
    consoleDoor: createConsoleDoor({ codes, pages, doorkeeper }),
    consoleFiles: createConsoleFiles(undefined),
    uploads: new Uploads(home),
    doors: new Map([["/ws", "web"]]),
    credentials: new WeakMap(),
    ...options.parts,
  });
  const server = await listen({
    host: "127.0.0.1",
    port: 0,
    routes,
    gate: createGate({ listeningOn: "127.0.0.1", isTls: false, trustedProxies: [], allowAddresses: [], ...options.gate }),
    sockets: createSocketServer({ maxMessageBytes: 1024 * 1024, logger, clock: systemClock }),
    anonymousSockets: createSocketServer({ maxMessageBytes: 16 * 1024, logger, clock: systemClock }),
    maxSockets: 100,
    logger,
    ...(options.timeouts === undefined ? {} : { timeouts: options.timeouts }),
  });
  onTestFinished(async () => {
    await server.close(0);
    tokens.close();
  });
  return { server, url: server.url, port: Number(new URL(server.url).port), logged, codes, pages, tokens };
}
