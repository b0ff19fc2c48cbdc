import { randomUUID } from "node:crypto";
import type { Clock, HostSocket } from "@hermes/core";
import { RpcError, type Dispatcher } from "@hermes/protocol";
import { Allowance } from "./allowance.ts";
import { Call, type Line } from "./call.ts";
import { encodeRefusal, toFrame, type Frame } from "./encode.ts";
import type { WebCaller, WebCredential, WebLimits } from "./options.ts";

/** Why a socket is closed, beside the codes every WebSocket knows. */
export const closeCodes = {
  policy: 1008,
  binary: 1003,
  tooLarge: 1009,
  gatewayEnds: 1012,
  tryLater: 1013,
  unauthorized: 4401,
  tooSlow: 4408,
} as const;

const anonymousMs = 10_000;
const anonymousFrames = 20;
const anonymousFrameBytes = 4096;
/** Who goes on asking so many times more than they may is not listened to any longer. */
const patience = 10;
const maxBatch = 32;

export interface ClientParts {
  readonly dispatcher: Dispatcher<WebCaller>;
  readonly clock: Clock;
  readonly limits: WebLimits;
  /** It is closed, by either side. */
  readonly onGone: (client: Client) => void;
}

/** One connection: reads requests off its socket and puts answers and events on it. */
export class Client implements Line {
  readonly id = randomUUID();
  readonly credential: WebCredential | undefined;
  readonly #parts: ClientParts;
  readonly #socket: HostSocket;
  #allowed: Allowance | undefined;
  #tolerated: Allowance | undefined;
  #frames = 0;
  #inFlight = 0;
  #whenFree: (() => void) | undefined;
  #unsentBytes = 0;
  #isGone = false;
  #goneController: AbortController | undefined;

  constructor(parts: ClientParts, socket: HostSocket, credential: WebCredential | undefined) {
    this.#parts = parts;
    this.#socket = socket;
    this.credential = credential;
  }

  get maxUnsentBytes(): number {
    return this.#parts.limits.maxUnsentBytes;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  get gone(): AbortSignal {
    this.#goneController ??= new AbortController();
    if (this.#isGone) this.#goneController.abort();
    return this.#goneController.signal;
  }

  /** Comes back when the connection is over. */
  async run(): Promise<void> {
    const cancel = this.credential === undefined ? this.#letGoSoon() : undefined;
    try {
      for await (const message of this.#socket.messages) {
        this.#read(message);
        // Not read meanwhile: the other side has to wait.
        if (!this.#isGone && this.#inFlight >= this.#parts.limits.maxInFlight) await this.#turn();
        if (this.#isGone) break;
      }
    } finally {
      cancel?.();
      this.#go();
    }
  }

  send(frame: Frame): void {
    if (this.#isGone) return;
    if (this.#unsentBytes > this.maxUnsentBytes) {
      this.fallBehind();
      return;
    }
    this.#unsentBytes += frame.bytes;
    this.#socket.send(frame.text).then(
      () => void (this.#unsentBytes -= frame.bytes),
      // A socket that takes nothing any more has gone, and its messages end too.
      () => this.#go(),
    );
  }

  fallBehind(): void {
    this.close(closeCodes.tooSlow, "read faster, or resume with `since`");
  }

  close(code: number, reason: string): void {
    if (this.#isGone) return;
    this.#go();
    this.#socket.close(code, reason);
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => (this.#whenFree = resolve));
  }

  #go(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#goneController?.abort();
    this.#whenFree?.();
    this.#parts.onGone(this);
  }

  #letGoSoon(): () => void {
    const { clock } = this.#parts;
    return clock.wakeAt(clock.now() + anonymousMs, () => this.close(closeCodes.unauthorized, "a credential is needed"));
  }

  #read(message: string | Uint8Array): void {
    if (typeof message !== "string") {
      this.close(closeCodes.binary, "expected text");
      return;
    }
    const isAnonymous = this.credential === undefined;
    const maxBytes = isAnonymous ? anonymousFrameBytes : this.#parts.limits.maxMessageBytes;
    if (message.length > maxBytes || Buffer.byteLength(message) > maxBytes) {
      this.close(closeCodes.tooLarge, `a message has at most ${maxBytes} bytes`);
      return;
    }
    this.#frames += 1;
    if (isAnonymous && this.#frames > anonymousFrames) {
      this.close(closeCodes.unauthorized, "a credential is needed");
      return;
    }
    if (this.#isAllowed(message)) void this.#answer(message);
  }

  /** One request of a batch counts like one alone. */
  #isAllowed(message: string): boolean {
    const { clock, limits } = this.#parts;
    const nowMs = clock.now();
    const count = requestsIn(message);
    this.#allowed ??= new Allowance(limits.messagesPerMinute, nowMs);
    if (this.#allowed.take(count, nowMs)) return true;
    this.#tolerated ??= new Allowance(limits.messagesPerMinute * patience, nowMs);
    if (!this.#tolerated.take(count, nowMs)) {
      this.close(closeCodes.policy, `at most ${limits.messagesPerMinute} requests a minute`);
      return false;
    }
    const error = new RpcError("rate-limited", `A connection may ask ${limits.messagesPerMinute} times a minute`, {
      retryAfterMs: this.#allowed.waitMs(count),
    });
    const refusal = encodeRefusal(parse(message), error);
    if (refusal !== undefined) this.send(toFrame(refusal));
    return false;
  }

  /** Never rejects: a dispatcher answers whatever goes wrong. */
  async #answer(message: string): Promise<void> {
    this.#inFlight += 1;
    const call = new Call(this, () => this.#free());
    const answer = await this.#parts.dispatcher.dispatch(message, call);
    if (answer !== undefined) this.send(toFrame(answer));
    call.answered();
  }

  #free(): void {
    this.#inFlight -= 1;
    this.#whenFree?.();
    this.#whenFree = undefined;
  }
}

/** A batch that is too large to be worked off counts as one: it is refused as a whole. */
function requestsIn(message: string): number {
  if (!/^\s*\[/u.test(message)) return 1;
  const value = parse(message);
  return Array.isArray(value) && value.length > 0 && value.length <= maxBatch ? value.length : 1;
}

/** What is no JSON is null, which has no id either. */
function parse(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return null;
  }
}
