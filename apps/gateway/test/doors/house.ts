import { once } from "node:events";
import { systemClock, type AgentFunction, type Clock } from "@hermes/core";
import { createGateway, createMemoryStore, type Store } from "@hermes/runtime";
import { createScriptedPlatform, type FakeClock, type ScriptedPlatform } from "@hermes/runtime/testing";
import { onTestFinished } from "vitest";
import { WebSocket, type ClientOptions } from "ws";
import { echo } from "../../src/agents/echo.ts";
import { deliveryOf, doorLimits, type Composition } from "../../src/compose.ts";
import { loadConfiguration, type Configuration } from "../../src/config/configuration.ts";
import { makeHomeToken, readPreviousToken } from "../../src/credentials/home-token.ts";
import { tokenFactsOf } from "../../src/credentials/token-facts.ts";
import { doorId, openDoors, type Doors } from "../../src/doors.ts";
import { makeHome } from "../../src/home.ts";
import { cookieNameOf } from "../../src/http/cookie-name.ts";
import { openServer } from "../../src/http/open-server.ts";
import { watchReadiness } from "../../src/http/readiness.ts";
import { createLog } from "../../src/log/log.ts";
import { createRedactor } from "../../src/log/redactor.ts";
import { officialPlatforms } from "../../src/official-platforms.ts";
import { createFindManifest } from "../../src/platforms/find-manifest.ts";
import { serveDoors } from "../../src/serve-doors.ts";
import { acme } from "../config/acme-manifest.ts";
import { temporaryHome } from "../temporary-home.ts";

export const adminToken = "an-admin-token-for-tests";
export const writeToken = "a-write-token-for-tests";
export const readToken = "a-read-token-for-tests-too";

export const threeTokens = `token: ${adminToken}, writeToken: ${writeToken}, readToken: ${readToken}`;

export interface HouseOptions {
  /** What stands in `server` besides its port. Default: three tokens. */
  readonly server?: string;
  /** Lines below `server`. */
  readonly rest?: string;
  readonly clock?: Clock & Partial<Pick<FakeClock, "advance">>;
  readonly agent?: AgentFunction;
  /** Instead of `server` and `rest`. */
  readonly configuration?: Configuration;
  /** Goes on where an earlier one ended. */
  readonly after?: House;
}

/** A gateway with its own door and a scripted platform, behind its real server. */
export interface House {
  readonly url: string;
  readonly port: number;
  readonly home: string;
  readonly doors: Doors;
  readonly composition: Composition;
  readonly configuration: Configuration;
  readonly store: Store;
  readonly chat: ScriptedPlatform;
  readonly logged: readonly string[];
  stop(): Promise<void>;
}

/** The configuration of a home as the gateway reads it. */
export async function configure(files: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>> = {}) {
  const home = await temporaryHome(files);
  return await loadConfiguration({
    environment: { HERMES_HOME: home, ...environment },
    findManifest: (directory) => createFindManifest(officialPlatforms, directory),
    officialKinds: Object.keys(officialPlatforms),
  });
}

/** Opens a house, which is closed when the test is over. */
export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const { server = threeTokens, rest = "", agent = echo, after } = options;
  const clock: NonNullable<HouseOptions["clock"]> = options.clock ?? systemClock;
  const configuration =
    options.configuration ??
    after?.configuration ??
    (await configure({ "config.yaml": `server: { port: 0, ${server} }\n${rest}` }));
  const { home, settings } = configuration;
  await makeHome(home);
  const logged: string[] = [];
  const redactor = createRedactor();
  const log = createLog({
    level: "debug",
    human: true,
    redactor,
    write: (line) => void logged.push(line),
    now: () => clock.now(),
  });
  const store = after?.store ?? createMemoryStore();
  const chat = createScriptedPlatform({ style: "edit" });
  const homeToken = settings.server.token ?? (await makeHomeToken(home));
  const tokens = tokenFactsOf(settings.server, homeToken, await readPreviousToken(home));
  const doors = openDoors({ home, tokens, store, clock, logger: log, limits: doorLimits(configuration) });
  const parseTarget = (text: string) => (/^\d+$/u.test(text) ? { chatId: text } : undefined);
  const loaded = { platform: chat.platform, manifest: { ...acme, parseTarget }, allowAll: false, restartNotice: true };
  const gateway = createGateway({
    platforms: [chat.platform, doors.web.platform],
    agent,
    access: { allow: configuration.allow, allowAllOn: [doorId] },
    store,
    clock,
    logger: log,
    delivery: deliveryOf(configuration, [loaded]),
  });
  const composition: Composition = { gateway, doors, platforms: [loaded], broken: [] };
  const readiness = watchReadiness(gateway, [], clock);
  const reasons = (): readonly string[] => readiness.now().reasons;
  serveDoors({ configuration, composition, clock, logger: log, reasons, hide: (secret) => redactor.add(secret) });
  const http = await openServer({ configuration, composition, clock, log, readiness });
  await gateway.start();
  const stop = onceOnly(async () => {
    doors.close();
    const stopped = Promise.all([http.close(1000), gateway.stop()]);
    await clock.advance?.(60_000);
    await stopped;
    readiness.stop();
  });
  onTestFinished(stop);
  const { url } = http;
  return { url, port: Number(new URL(url).port), home, doors, composition, configuration, store, chat, logged, stop };
}

function onceOnly(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

export const bearer = (token: string): Readonly<Record<string, string>> => ({ authorization: `Bearer ${token}` });

/** One answer of JSON-RPC. */
export interface Answer {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly data: { readonly kind: string } };
}

/** Asks over HTTP. */
export async function rpc(url: string, token: string | undefined, method: string, params: object = {}): Promise<Answer> {
  const response = await fetch(`${url}/rpc`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token === undefined ? {} : bearer(token)) },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return (await response.json()) as Answer;
}

/** A program at the door. */
export interface Talk {
  readonly socket: WebSocket;
  readonly events: readonly Readonly<Record<string, unknown>>[];
  readonly closed: Promise<readonly [code: number, reason: string]>;
  ask(method: string, params?: object): Promise<Answer>;
  /** The first event of a kind that is there, or comes. */
  event(type: string): Promise<Readonly<Record<string, unknown>>>;
}

/** Connects to the door; rejects with the status when it is refused. */
export async function connect(
  url: string,
  headers: Readonly<Record<string, string>>,
  options: ClientOptions = {},
): Promise<Talk> {
  const socket = new WebSocket(`${url.replace(/^http/u, "ws")}/ws`, { headers, ...options });
  onTestFinished(() => socket.terminate());
  const events: Readonly<Record<string, unknown>>[] = [];
  const waiting = new Map<unknown, (answer: Answer) => void>();
  let wake = (): void => undefined;
  socket.on("message", (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Answer & { params?: Record<string, unknown> };
    if (message.params === undefined) waiting.get(message.id)?.(message);
    else events.push(message.params);
    wake();
  });
  const closed = new Promise<readonly [number, string]>((resolve) => {
    socket.once("close", (code, reason) => resolve([code, reason.toString()]));
  });
  await opened(socket);
  let lastId = 0;
  return {
    socket,
    events,
    closed,
    ask(method, params = {}) {
      const id = (lastId += 1);
      const answer = new Promise<Answer>((resolve) => waiting.set(id, resolve));
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
      return answer;
    },
    async event(type) {
      for (;;) {
        const found = events.find((event) => event["type"] === type);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

async function opened(socket: WebSocket): Promise<void> {
  const refused = new Promise<never>((_resolve, reject) => {
    socket.once("unexpected-response", (_request, response) => {
      socket.on("error", () => undefined);
      socket.terminate();
      reject(new Error(`refused with ${response.statusCode}`));
    });
  });
  await Promise.race([once(socket, "open"), refused]);
}

/** The cookie of a browser that has just signed in at this house. */
export async function signedIn({ home, doors }: Pick<House, "home" | "doors">): Promise<string> {
  return `${cookieNameOf(home)}=${await doors.pages.begin()}`;
}
