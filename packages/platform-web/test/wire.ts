import type { HostSocket, Received } from "@hermes/core";
import type { ProtocolEvent } from "@hermes/protocol";
import { settle } from "@hermes/runtime/testing";

/** What came back for a request. */
export interface Reply {
  readonly id: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data: Readonly<Record<string, unknown>> };
}

/** Both ends of a socket in one process: `host` is the platform's, the rest is the client's. */
export class Wire {
  /** Everything that came, in its order. */
  readonly frames: string[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  /** Nothing is read: what is sent to this client waits. */
  isStalled = false;
  /** Frames that the other side has not read yet. */
  readonly #unread: (string | Uint8Array)[] = [];
  #wake: (() => void) | undefined;
  #isOver = false;
  #lastId = 0;

  readonly host: HostSocket = {
    send: (data) => {
      if (this.#isOver) return Promise.reject(new Error("The socket is closed"));
      this.frames.push(typeof data === "string" ? data : "bytes");
      return this.isStalled ? new Promise(() => undefined) : Promise.resolve();
    },
    close: (code, reason) => {
      this.closed ??= { code, reason };
      this.hangUp();
    },
    messages: { [Symbol.asyncIterator]: () => this.#read() },
  };

  /** Puts a frame on the line. */
  write(frame: string | Uint8Array): void {
    this.#unread.push(frame);
    this.#wake?.();
  }

  get unread(): number {
    return this.#unread.length;
  }

  /** Sends a request and does not wait; gives its id. */
  post(method: string, params: object = {}): number {
    this.#lastId += 1;
    this.write(JSON.stringify({ jsonrpc: "2.0", id: this.#lastId, method, params }));
    return this.#lastId;
  }

  /** What came back for a request, so far. */
  reply(id: number): Reply | undefined {
    return this.messages.find((message) => message["id"] === id) as Reply | undefined;
  }

  async ask(method: string, params: object = {}): Promise<Reply> {
    const id = this.post(method, params);
    await settle();
    const reply = this.reply(id);
    if (reply === undefined) throw new Error(`${method} was not answered`);
    return reply;
  }

  /** The result, where there has to be one. */
  async call<Result>(method: string, params: object = {}): Promise<Result> {
    const { result, error } = await this.ask(method, params);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result as Result;
  }

  /** The kind of error that a request brings. */
  async refusal(method: string, params: object = {}): Promise<unknown> {
    const { error } = await this.ask(method, params);
    return error?.data["kind"];
  }

  get messages(): readonly Readonly<Record<string, unknown>>[] {
    return this.frames.map((frame) => JSON.parse(frame) as Record<string, unknown>);
  }

  get events(): readonly ProtocolEvent[] {
    return this.messages.flatMap(({ method, params }) => (method === "event" ? [params as ProtocolEvent] : []));
  }

  /** `chat.delta` and so on, in their order. */
  get eventTypes(): readonly string[] {
    return this.events.map(({ type }) => type);
  }

  /** The line is dead. */
  hangUp(): void {
    this.#isOver = true;
    this.#wake?.();
  }

  async *#read(): AsyncGenerator<string | Uint8Array> {
    for (;;) {
      const frame = this.#unread.shift();
      if (frame !== undefined) yield frame;
      else if (this.#isOver) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** Opens a wire on what a platform made of an upgrade request. */
export function openWire(received: Received): Wire {
  if (received instanceof Response) throw new Error(`Refused with ${received.status}`);
  const wire = new Wire();
  // It ends with the wire.
  void received.upgrade(wire.host);
  return wire;
}
