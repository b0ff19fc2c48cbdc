import type { ProtocolEvent } from "@hermes/protocol";
import { describe, expect, it } from "vitest";
import { backOffMs } from "../src/connection/back-off.ts";
import { createConnection, type Connection, type SocketLike } from "../src/connection/connection.ts";
import { isConnectionLost } from "../src/connection/connection-lost.ts";

/** A socket whose other side is the test. */
class FakeSocket implements SocketLike {
  readonly sent: { readonly id: number; readonly method: string }[] = [];
  isClosed = false;
  readonly #listeners = new Map<string, ((event: { readonly data: unknown }) => void)[]>();

  addEventListener(type: string, listener: (event: { readonly data: unknown }) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as { readonly id: number; readonly method: string });
  }

  close(): void {
    this.isClosed = true;
  }

  emit(type: "open" | "close" | "message", data?: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener({ data: JSON.stringify(data) });
  }

  answer(result: object, at = -1): void {
    this.emit("message", { jsonrpc: "2.0", id: this.sent.at(at)?.id, result });
  }
}

interface Stage {
  readonly connection: Connection;
  readonly sockets: FakeSocket[];
  readonly signedOut: () => number;
  readonly advance: (byMs: number) => void;
}

function stage({ isSignedIn = true } = {}): Stage {
  const sockets: FakeSocket[] = [];
  let nowMs = 0;
  let signedOut = 0;
  let timers: { readonly atMs: number; readonly run: () => void }[] = [];
  const connection = createConnection({
    now: () => nowMs,
    random: () => 0.5,
    after(delayMs, run) {
      const timer = { atMs: nowMs + delayMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    open() {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    isSignedIn: async () => isSignedIn,
    onSignedOut() {
      signedOut += 1;
    },
  });
  return {
    connection,
    sockets,
    signedOut: () => signedOut,
    advance(byMs) {
      nowMs += byMs;
      const due = timers.filter(({ atMs }) => atMs <= nowMs);
      timers = timers.filter((timer) => !due.includes(timer));
      for (const { run } of due) run();
    },
  };
}

const event: ProtocolEvent = { type: "session.changed", session_key: "agent:main:web:dm:ada", seq: 1 };

describe("A connection", () => {
  it("holds back what is asked before it is open, and sends it then", async () => {
    const { connection, sockets } = stage();
    connection.start();
    const asked = connection.client.call("health");
    expect(sockets[0]?.sent).toEqual([]);
    sockets[0]?.emit("open");
    sockets[0]?.answer({ status: "ok", ready: true });
    expect(await asked).toEqual({ status: "ok", ready: true });
  });

  it("says of what was in flight when it broke that nobody knows", async () => {
    const { connection, sockets } = stage();
    connection.start();
    sockets[0]?.emit("open");
    const asked = connection.client.call("health");
    sockets[0]?.emit("close");
    expect(isConnectionLost(await asked.catch((error: unknown) => error))).toBe(true);
    expect(connection.status.get().kind).toBe("waiting");
  });

  it("opens again after a pause, and counts how often it did", () => {
    const { connection, sockets, advance } = stage();
    connection.start();
    sockets[0]?.emit("open");
    sockets[0]?.emit("close");
    advance(20_000);
    sockets[1]?.emit("open");
    expect(connection.status.get()).toEqual({ kind: "open", epoch: 2 });
  });

  it("does not wait any longer when it is hurried", () => {
    const { connection, sockets } = stage();
    connection.start();
    sockets[0]?.emit("close");
    connection.hurry();
    expect(sockets).toHaveLength(2);
  });

  it("closes an open socket that does not answer a probe", () => {
    const { connection, sockets, advance } = stage();
    connection.start();
    sockets[0]?.emit("open");
    advance(25_000);
    expect(sockets[0]?.sent.at(-1)?.method).toBe("health");
    advance(8_000);
    expect(sockets[0]?.isClosed).toBe(true);
    expect(connection.status.get().kind).toBe("waiting");
  });

  it("keeps a socket that answers its probes", async () => {
    const { connection, sockets, advance } = stage();
    connection.start();
    sockets[0]?.emit("open");
    advance(25_000);
    sockets[0]?.answer({ status: "ok", ready: true });
    await new Promise((resolve) => setImmediate(resolve));
    advance(8_000);
    expect(sockets[0]?.isClosed).toBe(false);
  });

  it("stops when a socket never opens since nobody is signed in", async () => {
    const { connection, sockets, signedOut } = stage({ isSignedIn: false });
    connection.start();
    sockets[0]?.emit("close");
    await new Promise((resolve) => setImmediate(resolve));
    expect(signedOut()).toBe(1);
    expect(connection.status.get().kind).toBe("stopped");
  });

  it("tells events, and nothing that is none", () => {
    const { connection, sockets } = stage();
    const heard: ProtocolEvent[] = [];
    connection.onEvent((told) => heard.push(told));
    connection.start();
    sockets[0]?.emit("open");
    sockets[0]?.emit("message", { jsonrpc: "2.0", method: "event", params: event });
    sockets[0]?.emit("message", { jsonrpc: "2.0", method: "event", params: { ...event, type: "of.the.future" } });
    sockets[0]?.emit("message", { jsonrpc: "2.0", method: "event", params: { type: "chat.delta", session_key: "a", seq: 2 } });
    expect(heard).toEqual([event]);
  });

  it("ignores what a socket says that was given up", () => {
    const { connection, sockets, advance } = stage();
    const heard: ProtocolEvent[] = [];
    connection.onEvent((told) => heard.push(told));
    connection.start();
    sockets[0]?.emit("open");
    sockets[0]?.emit("close");
    advance(20_000);
    sockets[0]?.emit("message", { jsonrpc: "2.0", method: "event", params: event });
    expect(heard).toEqual([]);
  });
});

describe("The pause between attempts", () => {
  it("doubles up to twenty seconds, and half of it is chance", () => {
    expect([1, 2, 3, 4, 99].map((attempt) => backOffMs(attempt, () => 1))).toEqual([500, 1000, 2000, 4000, 20_000]);
    expect(backOffMs(3, () => 0)).toBe(1000);
  });
});
