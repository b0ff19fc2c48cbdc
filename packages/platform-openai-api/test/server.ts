import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { Agent, AgentFunction, Platform, PlatformEvent, PlatformHost } from "@hermes/core";
import { createGateway, type Gateway, type GatewayLimits, type Store } from "@hermes/runtime";
import { openaiApi, type OpenAiApiOptions, type OpenAiApiSurroundings } from "../src/index.ts";

export const testKey = "FAKE-KEY-FOR-TESTS-0001";

export interface ServerOptions {
  readonly options?: Partial<OpenAiApiOptions>;
  readonly surroundings?: OpenAiApiSurroundings;
  readonly limits?: GatewayLimits;
  readonly store?: Store;
  readonly access?: readonly string[];
  readonly pressure?: () => string | undefined;
}

/** A gateway behind a real HTTP server on loopback. */
export interface TestServer extends AsyncDisposable {
  readonly root: string;
  readonly baseURL: string;
  readonly port: number;
  readonly gateway: Gateway;
  /** Errors and warnings the gateway logged. */
  readonly logs: readonly string[];
  /** What the platform gave the gateway, and what of it is in the store. */
  readonly offered: readonly PlatformEvent[];
  readonly stored: readonly PlatformEvent[];
  /** How many answers are over, or were hung up on. */
  readonly connections: { readonly closed: number };
  /** A call as a program makes it. */
  call(path: string, body?: unknown, init?: CallOptions): Promise<Response>;
}

export interface CallOptions extends Omit<RequestInit, "headers"> {
  readonly headers?: Readonly<Record<string, string>>;
}

export async function startServer(agent: Agent | AgentFunction, given: ServerOptions = {}): Promise<TestServer> {
  const logs: string[] = [];
  const offered: PlatformEvent[] = [];
  const stored: PlatformEvent[] = [];
  const connections = { closed: 0 };
  const log = (message: string): void => void logs.push(message);
  const made = openaiApi({ key: testKey, ...given.options }, given.surroundings);
  let host: PlatformHost | undefined;
  const platform: Platform = {
    ...made,
    connect(given, signal) {
      host = {
        ...given,
        async accept(events, cursor) {
          offered.push(...events);
          const accepted = await given.accept(events, cursor);
          stored.push(...events);
          return accepted;
        },
      };
      return made.connect(given, signal);
    },
  };
  const gateway = createGateway({
    platforms: [platform],
    agent,
    access: { allowAllOn: given.access ?? ["openai-api"] },
    logger: { debug: () => undefined, info: () => undefined, warn: log, error: log },
    limits: { firstShowMs: 0, ...given.limits },
    ...(given.store === undefined ? {} : { store: given.store }),
    ...(given.pressure === undefined ? {} : { pressure: given.pressure }),
  });
  await gateway.start();
  await until(() => gateway.status().platforms[0]?.condition.state === "up");
  const server = createServer((incoming, outgoing) => {
    outgoing.on("close", () => void (connections.closed += 1));
    void bridge(incoming, outgoing, async (request) => {
      const received = host === undefined ? undefined : await platform.receive?.(request, host);
      return received instanceof Response ? received : new Response(null, { status: 500 });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const root = `http://127.0.0.1:${port}`;
  return {
    root,
    port,
    baseURL: `${root}/v1`,
    gateway,
    logs,
    offered,
    stored,
    connections,
    call: (path, body, init = {}) =>
      fetch(`${root}${path}`, {
        method: body === undefined ? "GET" : "POST",
        ...init,
        headers: { authorization: `Bearer ${testKey}`, "content-type": "application/json", ...init.headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

type Handler = (request: Request) => Promise<Response>;

/** Node's HTTP on one side, the web's on the other: a caller who hangs up aborts the request and cancels the body of its answer. */
async function bridge(incoming: IncomingMessage, outgoing: ServerResponse, handle: Handler): Promise<void> {
  const gone = new AbortController();
  outgoing.on("close", () => gone.abort());
  const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
  const response = await handle(
    new Request(`http://127.0.0.1${incoming.url ?? "/"}`, {
      method: incoming.method ?? "GET",
      headers: Object.entries(incoming.headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)] as [string, string]],
      ),
      signal: gone.signal,
      ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>, duplex: "half" as const } : {}),
    }),
  );
  outgoing.writeHead(response.status, [...response.headers].flat());
  outgoing.flushHeaders();
  const reader = response.body?.getReader();
  outgoing.on("close", () => void reader?.cancel().catch(() => undefined));
  try {
    for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
      if (!outgoing.write(next.value)) await once(outgoing, "drain", { signal: gone.signal });
    }
    outgoing.end();
  } catch {
    // The body failed, or nobody reads it.
    outgoing.destroy();
  }
}

/** Resolves once something is so, whatever brings it about. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
