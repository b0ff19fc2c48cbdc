import { createClient, type Client, type ProtocolEvent, type RpcRequest } from "@hermes/protocol";
import { backOffMs } from "./back-off.ts";
import { ConnectionLost } from "./connection-lost.ts";
import { readFrame } from "./read-frame.ts";
import { createStore, type Store } from "./store.ts";

/** How the connection is. `epoch` counts how often it was opened. */
export type ConnectionStatus =
  | { readonly kind: "stopped" }
  | { readonly kind: "connecting"; readonly attempt: number }
  | { readonly kind: "open"; readonly epoch: number }
  | { readonly kind: "waiting"; readonly attempt: number; readonly retryAtMs: number };

/** As much of a WebSocket as is used. */
export interface SocketLike {
  send(text: string): void;
  close(): void;
  addEventListener(type: "open" | "close" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
}

/** The clock and the chance. */
export interface Surroundings {
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** Returns what takes it back. */
  readonly after: (delayMs: number, run: () => void) => () => void;
}

export interface ConnectionOptions extends Surroundings {
  /** Opens a socket to the gateway. */
  readonly open: () => SocketLike;
  /** Asked after a socket that never opened: false ends the attempts, since nobody is signed in. */
  readonly isSignedIn: () => Promise<boolean>;
  readonly onSignedOut: () => void;
}

/** One socket to the gateway, opened again whenever it closes. */
export interface Connection {
  readonly status: Store<ConnectionStatus>;
  readonly client: Client;
  /** Returns what ends it. */
  onEvent(listener: (event: ProtocolEvent) => void): () => void;
  start(): void;
  stop(): void;
  /** Does not wait any longer: tries at once, or looks whether an open socket still answers. */
  hurry(): void;
}

interface Waiter {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

const openTimeoutMs = 10_000;
const patienceMs = 15_000;
const probeEveryMs = 25_000;
const probeTimeoutMs = 8_000;

/** Keeps a connection to the gateway; nothing happens before `start`. */
export function createConnection(options: ConnectionOptions): Connection {
  const { now, random, after } = options;
  const status = createStore<ConnectionStatus>({ kind: "stopped" });
  const listeners = new Set<(event: ProtocolEvent) => void>();
  const inFlight = new Map<unknown, Waiter>();
  const queued = new Set<Waiter & { readonly request: RpcRequest }>();
  let socket: SocketLike | undefined;
  let epoch = 0;
  let attempt = 0;
  let cancelTimer = (): void => {};
  let cancelProbe = (): void => {};

  function connect(): void {
    attempt += 1;
    status.set({ kind: "connecting", attempt });
    const mine = options.open();
    let wasOpen = false;
    let isOver = false;
    socket = mine;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      if (socket === mine) closed(wasOpen);
    };
    cancelTimer = after(openTimeoutMs, () => {
      mine.close();
      end();
    });
    mine.addEventListener("open", () => {
      if (socket !== mine || isOver) return;
      wasOpen = true;
      opened();
    });
    mine.addEventListener("close", end);
    mine.addEventListener("error", end);
    mine.addEventListener("message", ({ data }) => {
      if (socket === mine && !isOver) received(data);
    });
  }

  function opened(): void {
    cancelTimer();
    attempt = 0;
    epoch += 1;
    for (const waiter of queued) transmit(waiter.request, waiter);
    queued.clear();
    status.set({ kind: "open", epoch });
    probeLater();
  }

  function closed(wasOpen: boolean): void {
    cancelTimer();
    cancelProbe();
    socket = undefined;
    const lost = [...inFlight.values()];
    inFlight.clear();
    waitForNext();
    for (const { reject } of lost) reject(new ConnectionLost());
    if (!wasOpen) void leaveIfSignedOut();
  }

  /** A refused handshake tells a browser no reason; the session does. A question that fails itself changes nothing. */
  async function leaveIfSignedOut(): Promise<void> {
    const isSignedIn = await options.isSignedIn().catch(() => true);
    if (isSignedIn) return;
    stop();
    options.onSignedOut();
  }

  function waitForNext(): void {
    const delayMs = backOffMs(Math.max(1, attempt), random);
    status.set({ kind: "waiting", attempt, retryAtMs: now() + delayMs });
    cancelTimer = after(delayMs, connect);
  }

  function received(data: unknown): void {
    const frame = readFrame(data);
    if (frame === undefined) return;
    if (frame.kind === "event") {
      for (const listener of listeners) listener(frame.event);
      return;
    }
    const waiter = inFlight.get(frame.id);
    inFlight.delete(frame.id);
    waiter?.resolve(frame.answer);
  }

  function transmit(request: RpcRequest, waiter: Waiter): void {
    inFlight.set(request.id, waiter);
    socket?.send(JSON.stringify(request));
  }

  async function send(request: RpcRequest): Promise<unknown> {
    return await new Promise<unknown>((resolve, reject) => {
      if (status.get().kind === "open") return transmit(request, { resolve, reject });
      const waiter = { request, resolve, reject };
      queued.add(waiter);
      after(patienceMs, () => {
        if (queued.delete(waiter)) reject(new ConnectionLost());
      });
    });
  }

  function probeLater(): void {
    cancelProbe = after(probeEveryMs, probe);
  }

  /** A network that went away silently closes no socket: an unanswered question does. */
  function probe(): void {
    cancelProbe();
    const asked = socket;
    const cancel = after(probeTimeoutMs, () => {
      if (socket !== asked || asked === undefined) return;
      asked.close();
      closed(true);
    });
    cancelProbe = cancel;
    const settle = (): void => {
      cancel();
      if (socket === asked && asked !== undefined && status.get().kind === "open") probeLater();
    };
    client.call("health").then(settle, settle);
  }

  function stop(): void {
    cancelTimer();
    cancelProbe();
    const open = socket;
    socket = undefined;
    status.set({ kind: "stopped" });
    const waiting = [...inFlight.values(), ...queued];
    inFlight.clear();
    queued.clear();
    for (const { reject } of waiting) reject(new ConnectionLost());
    open?.close();
  }

  const client = createClient({ send });
  return {
    status,
    client,
    stop,
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      if (status.get().kind === "stopped") connect();
    },
    hurry() {
      const { kind } = status.get();
      if (kind === "open") return probe();
      if (kind !== "waiting") return;
      cancelTimer();
      connect();
    },
  };
}
