import type { Agent } from "node:http";
import type { Clock } from "@hermes/core";
import type { WebSocket } from "ws";

/** One dispatch of the gateway. */
export interface Dispatch {
  readonly name: string;
  readonly data: unknown;
  readonly sequence: number;
}

/** Why a connection to the gateway ended. */
export type SocketEnd =
  /** Our own signal. The session can be resumed. */
  | { readonly kind: "stopped" }
  /** `stall` was called. */
  | { readonly kind: "stalled" }
  /** Opcode 7. */
  | { readonly kind: "reconnect" }
  /** Opcode 9. */
  | { readonly kind: "invalid-session"; readonly isResumable: boolean }
  /** A heartbeat, or what follows the greeting, was not answered. */
  | { readonly kind: "silent" }
  | { readonly kind: "closed"; readonly code: number };

export interface GatewaySocketOptions {
  readonly url: string;
  /** An http or https proxy to go through. */
  readonly proxy: string | undefined;
  readonly token: string;
  readonly intents: number;
  readonly clock: Clock;
  readonly random: () => number;
  /** The session to resume; undefined: a new one. */
  readonly resume: { readonly id: string; readonly sequence: number } | undefined;
  /** The number of the last dispatch that is stored. */
  readonly sequence: () => number | null;
  /** Called in order, as they arrive. */
  readonly onDispatch: (dispatch: Dispatch) => void;
  /** A heartbeat was answered. */
  readonly onAlive: () => void;
  readonly onDebug: (message: string) => void;
}

export interface GatewaySocket {
  /** Resolves when nothing of the connection runs any more. */
  readonly ended: Promise<SocketEnd>;
  /** Ends the connection so that its session can be resumed. */
  stall(): void;
}

/** How long the greeting may take, and the answer to what follows it. */
const greetingMs = 60_000;
/** How long the other side may take to say goodbye. */
const goodbyeMs = 1000;
/** Any code but 1000 and 1001 keeps the session for a while (Discord, Disconnecting). */
const keepSession = 4900;
/** Far above any dispatch; the largest tells of a server with all its channels and threads. */
const maxPayloadBytes = 64 * 1024 * 1024;
const handshakeMs = 30_000;
/** Whoever greets with a longer interval between heartbeats means something else. */
const longestIntervalMs = 10 * 60_000;

/** Opcodes (Gateway). */
const op = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
} as const;

/** Opens one connection to the gateway; loads `ws` now. What ends it is told, never thrown, and nothing reconnects by itself. */
export async function openGatewaySocket(options: GatewaySocketOptions, signal: AbortSignal): Promise<GatewaySocket> {
  const { WebSocket: Socket } = await import("ws");
  const agent = options.proxy === undefined ? undefined : await agentThrough(options.proxy, options.url);
  const socket = new Socket(options.url, {
    ...(agent === undefined ? {} : { agent }),
    handshakeTimeout: handshakeMs,
    maxPayload: maxPayloadBytes,
    perMessageDeflate: false,
  });
  return new Connection(socket, options, signal);
}

/** Node's own agents take a proxy as the environment variables that name it. */
async function agentThrough(proxy: string, url: string): Promise<Agent> {
  const { Agent } = await (url.startsWith("wss:") ? import("node:https") : import("node:http"));
  return new Agent({ proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } });
}

class Connection implements GatewaySocket {
  readonly ended: Promise<SocketEnd>;
  readonly #socket: WebSocket;
  readonly #options: GatewaySocketOptions;
  /** Undefined until something ends it; what comes after is not looked at. */
  #end: SocketEnd | undefined;
  #isAnswered = true;
  #cancelBeat = (): void => undefined;
  #cancelWatch = (): void => undefined;

  constructor(socket: WebSocket, options: GatewaySocketOptions, signal: AbortSignal) {
    this.#socket = socket;
    this.#options = options;
    this.ended = new Promise((resolve) => {
      const stop = (): void => this.#finish({ kind: "stopped" }, keepSession);
      signal.addEventListener("abort", stop);
      socket.on("message", (bytes, isBinary) => this.#receive(bytes, isBinary));
      // What went wrong shows as `close`, too.
      socket.on("error", (error) => options.onDebug(`The gateway's connection failed: ${codeOf(error)}`));
      socket.on("close", (code) => {
        signal.removeEventListener("abort", stop);
        this.#end ??= { kind: "closed", code };
        this.#rest();
        resolve(this.#end);
      });
      this.#watch();
      if (signal.aborted) stop();
    });
  }

  stall(): void {
    this.#finish({ kind: "stalled" }, keepSession);
  }

  /** Says goodbye, and hangs up where nobody answers. */
  #finish(end: SocketEnd, code: number): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#rest();
    const { clock } = this.#options;
    this.#cancelWatch = clock.wakeAt(clock.now() + goodbyeMs, () => this.#socket.terminate());
    if (this.#socket.readyState === this.#socket.CONNECTING || end.kind === "silent") this.#socket.terminate();
    else this.#socket.close(code);
  }

  #rest(): void {
    this.#cancelBeat();
    this.#cancelWatch();
  }

  /** What has to follow within a while. */
  #watch(): void {
    const { clock } = this.#options;
    this.#cancelWatch();
    this.#cancelWatch = clock.wakeAt(clock.now() + greetingMs, () => this.#finish({ kind: "silent" }, keepSession));
  }

  #receive(bytes: unknown, isBinary: boolean): void {
    if (this.#end !== undefined) return;
    const frame = isBinary ? undefined : frameIn(String(bytes));
    if (frame === undefined) return this.#options.onDebug("The gateway sent what is no JSON object");
    switch (frame.op) {
      case op.hello:
        return this.#greet(frame.d);
      case op.heartbeat:
        return this.#send(op.heartbeat, this.#options.sequence());
      case op.heartbeatAck:
        this.#isAnswered = true;
        return this.#options.onAlive();
      case op.reconnect:
        return this.#finish({ kind: "reconnect" }, keepSession);
      case op.invalidSession:
        return this.#finish({ kind: "invalid-session", isResumable: frame.d === true }, keepSession);
      case op.dispatch:
        return this.#dispatch(frame);
      default:
        return this.#options.onDebug(`The gateway sent opcode ${String(frame.op)}, which means nothing here`);
    }
  }

  #greet(data: unknown): void {
    const interval = (data as { readonly heartbeat_interval?: unknown } | null)?.heartbeat_interval;
    const intervalMs = typeof interval === "number" && interval >= 1000 && interval <= longestIntervalMs ? interval : 41_250;
    const { clock, random, token, intents, resume } = this.#options;
    const beat = (): void => {
      if (!this.#isAnswered) return this.#finish({ kind: "silent" }, keepSession);
      this.#isAnswered = false;
      this.#send(op.heartbeat, this.#options.sequence());
      this.#cancelBeat = clock.wakeAt(clock.now() + intervalMs, beat);
    };
    this.#cancelBeat();
    // The first comes after a part of the interval, so that bots do not all beat at once (Gateway, Sending Heartbeats).
    this.#cancelBeat = clock.wakeAt(clock.now() + Math.floor(intervalMs * random()), beat);
    this.#watch();
    if (resume !== undefined) return this.#send(op.resume, { token, session_id: resume.id, seq: resume.sequence });
    const properties = { os: process.platform, browser: "hermes-gateway", device: "hermes-gateway" };
    this.#send(op.identify, { token, intents, properties, shard: [0, 1], large_threshold: 50 });
  }

  #dispatch({ t: name, d: data, s: sequence }: Frame): void {
    if (typeof name !== "string" || typeof sequence !== "number") return;
    if (name === "READY" || name === "RESUMED") this.#cancelWatch();
    this.#options.onDispatch({ name, data, sequence });
  }

  #send(code: number, data: unknown): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify({ op: code, d: data }));
  }
}

interface Frame {
  readonly op?: unknown;
  readonly d?: unknown;
  readonly s?: unknown;
  readonly t?: unknown;
}

function frameIn(text: string): Frame | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? parsed : undefined;
  } catch {
    // Told of by whoever asked.
    return undefined;
  }
}

function codeOf(error: Error): string {
  const code: unknown = (error as NodeJS.ErrnoException).code;
  return typeof code === "string" ? code : error.name;
}
