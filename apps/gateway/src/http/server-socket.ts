import type { Clock, HostSocket } from "@hermes/core";
import { WebSocket, type RawData } from "ws";

const closeWithinMs = 5000;
const maxReasonBytes = 123;
/** Frames that may wait to be read. */
const maxUnread = 16;

/** A WebSocket as a platform sees it. */
export class ServerSocket implements HostSocket, AsyncIterableIterator<string | Uint8Array> {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  #unread: (string | Uint8Array)[] = [];
  #waiting: ((result: IteratorResult<string | Uint8Array, undefined>) => void) | undefined;
  #isOver = false;
  #hasAnswered = true;

  constructor(socket: WebSocket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    socket.on("message", (data, isBinary) => this.#take(data, isBinary));
    socket.on("pong", () => (this.#hasAnswered = true));
    socket.on("close", () => this.#end());
  }

  get messages(): AsyncIterable<string | Uint8Array> {
    return this;
  }

  /** Resolves once the machine has taken the data over; rejects when the socket is closed before. */
  send(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.send(data, (error) => {
        // `ws` gives null where nothing went wrong.
        if (error === undefined || error === null) resolve();
        else reject(error);
      });
    });
  }

  /** The other side has a few seconds to agree; then the line is cut. */
  close(code: number, reason: string): void {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    // What was not read keeps the other side's farewell from being heard.
    this.#drop();
    this.#socket.close(code, shorten(reason));
    const cancel = this.#clock.wakeAt(this.#clock.now() + closeWithinMs, () => this.#socket.terminate());
    this.#socket.once("close", cancel);
  }

  /** Asks whether the other side is there; cuts the line if it did not answer the last time. */
  beat(): void {
    // As long as nothing is read, an answer is not heard either.
    if (this.#socket.isPaused) return;
    if (!this.#hasAnswered) {
      this.#socket.terminate();
      return;
    }
    this.#hasAnswered = false;
    this.#socket.ping();
  }

  terminate(): void {
    this.#socket.terminate();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<string | Uint8Array> {
    return this;
  }

  next(): Promise<IteratorResult<string | Uint8Array, undefined>> {
    const value = this.#unread.shift();
    if (value !== undefined) {
      if (this.#unread.length === 0 && this.#socket.isPaused) this.#resume();
      return Promise.resolve({ done: false, value });
    }
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  return(): Promise<IteratorResult<string | Uint8Array, undefined>> {
    this.#drop();
    return Promise.resolve({ done: true, value: undefined });
  }

  #take(data: RawData, isBinary: boolean): void {
    this.#hasAnswered = true;
    if (this.#isOver) return;
    const bytes = toBytes(data);
    const value = isBinary ? bytes : bytes.toString("utf8");
    const waiting = this.#waiting;
    if (waiting !== undefined) {
      this.#waiting = undefined;
      waiting({ done: false, value });
      return;
    }
    this.#unread.push(value);
    if (this.#unread.length >= maxUnread && !this.#socket.isPaused) this.#socket.pause();
  }

  /** Nobody reads any more: what comes is thrown away, so that the end is heard. */
  #drop(): void {
    this.#unread = [];
    this.#end();
    if (this.#socket.isPaused) this.#resume();
  }

  #resume(): void {
    // What was heard last is old: the next question has to be asked first.
    this.#hasAnswered = true;
    this.#socket.resume();
  }

  #end(): void {
    this.#isOver = true;
    this.#waiting?.({ done: true, value: undefined });
    this.#waiting = undefined;
  }
}

function toBytes(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/** As much of a reason as a close frame holds, never half a character. */
function shorten(reason: string): string {
  if (Buffer.byteLength(reason) <= maxReasonBytes) return reason;
  let kept = "";
  let bytes = 0;
  for (const character of reason) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxReasonBytes) break;
    kept += character;
  }
  return kept;
}
